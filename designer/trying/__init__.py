"""Trying a flow: a conversation with the simulator, who answers in it, and why it went its way."""
