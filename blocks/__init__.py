"""The block library: one file a block."""
