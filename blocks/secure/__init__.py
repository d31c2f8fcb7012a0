"""Blocks about recording and identity."""
