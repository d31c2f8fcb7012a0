"""Blocks about where a conversation goes on, or ends."""
