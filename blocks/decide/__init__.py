"""Blocks about which way a flow goes."""
