"""How customers reach us, and we them: one file a provider."""
