"""What executes live contacts."""
