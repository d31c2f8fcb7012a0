"""The types of flow that a block may stand in, where it may not stand in all."""

from __future__ import annotations

INBOUND = "inbound"
CUSTOMER_QUEUE = "customer_queue"
TRANSFERS = ("agent_transfer", "queue_transfer")
HOLDS = ("customer_hold", "agent_hold")
WHISPERS = ("customer_whisper", "agent_whisper", "outbound_whisper")

MODULE = "module"
"""A module has the type of the flow that runs it; some blocks stand in nothing else."""

ALL = (INBOUND, CUSTOMER_QUEUE, *TRANSFERS, *HOLDS, *WHISPERS)
BEFORE_AN_AGENT = (INBOUND, CUSTOMER_QUEUE, *TRANSFERS)
"""Where the customer is alone with the flow and can answer it."""
