"""Blocks about what the customer hears and says."""
