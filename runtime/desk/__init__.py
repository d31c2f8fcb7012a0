"""Queues and agents: entities of the host, as contacts are."""
