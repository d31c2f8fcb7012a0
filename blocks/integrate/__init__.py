"""Blocks about systems outside of a flow."""
