"""Services that do their work on this machine."""
