"""What each channel can do, for the checker, the blocks and the runtime alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Medium = Literal["voice", "chat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    name: str
    medium: Medium
    """What a flow's `channels` line calls it: everything written is a chat."""
    digits: bool = False
    """The customer has a keypad."""
    buttons_max: int = 0
    text_length_max: int = 4096
    business_first: Literal["always", "template", "never"] = "never"
    """Whether a business may write first; `template`: with a message approved beforehand."""
    window_s: int | None = None
    """How long after the customer's last message a business may write freely."""
    keeps_time: bool = False
    """The channel itself says when the customer stayed silent (`Silent`)."""
    patience_s: float = 0
    """Nobody is cut off sooner than this: people answer a message later than a voice."""

    def wait_for(self, timeout_s: float) -> float:
        """How long to wait for an answer here, if a flow says `timeout_s`."""
        return max(timeout_s, self.patience_s)


DAY_S = 86_400
CHAT_PATIENCE_S = 300.0

CHANNELS: dict[str, Channel] = {
    channel.name: channel
    for channel in (
        Channel(name="voice", medium="voice", digits=True, business_first="always",
                keeps_time=True),
        Channel(name="chat", medium="chat", buttons_max=10, patience_s=CHAT_PATIENCE_S),
        Channel(
            name="whatsapp",
            medium="chat",
            buttons_max=3,
            business_first="template",
            window_s=DAY_S,
            patience_s=CHAT_PATIENCE_S,
        ),
        Channel(
            name="sms",
            medium="chat",
            text_length_max=1600,
            business_first="always",
            patience_s=CHAT_PATIENCE_S,
        ),
        Channel(name="messenger", medium="chat", buttons_max=13, text_length_max=2000,
                window_s=DAY_S, patience_s=CHAT_PATIENCE_S),
        Channel(name="instagram", medium="chat", buttons_max=13, text_length_max=1000,
                window_s=DAY_S, patience_s=CHAT_PATIENCE_S),
        Channel(name="telegram", medium="chat", buttons_max=8, patience_s=CHAT_PATIENCE_S),
        Channel(name="line", medium="chat", buttons_max=13, text_length_max=5000,
                patience_s=CHAT_PATIENCE_S),
        Channel(name="x", medium="chat", text_length_max=10_000, patience_s=CHAT_PATIENCE_S),
        Channel(name="kakao", medium="chat", buttons_max=10, text_length_max=1000,
                patience_s=CHAT_PATIENCE_S),
        # Work for an agent, with nobody on the other side.
        Channel(name="task", medium="chat", business_first="always"),
    )
}  # fmt: skip
MESSENGERS = tuple(name for name in CHANNELS if name not in ("voice", "chat", "task"))
