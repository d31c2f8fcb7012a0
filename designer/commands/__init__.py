"""The commands that open pages."""
