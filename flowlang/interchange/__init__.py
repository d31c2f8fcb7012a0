"""Flows in the formats of other tools, and in the native JSON."""
