"""Blocks about what a flow knows and remembers."""
