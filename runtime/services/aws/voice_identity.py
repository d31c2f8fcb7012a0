"""Amazon Connect Voice ID: it ended, and says so at once."""

from __future__ import annotations

from runtime.services.asked import Refused
from runtime.services.voice_identity import Heard

ENDED = "2026-05-20"


class VoiceId:
    """A provider of `voice_identity`."""

    async def compare(self, contact: str) -> Heard:
        raise Refused("failed", f"Amazon Connect Voice ID ended on {ENDED}")
