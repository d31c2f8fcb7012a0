"""Versions of a flow: those that somebody gave a name, those that were published, and how one
differs from another."""
