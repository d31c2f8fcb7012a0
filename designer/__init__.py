"""Every page that people see."""
