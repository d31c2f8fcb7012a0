"""The vendors that an installation has accounts with: secrets come from the environment alone."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.channels.entries import Entries
from runtime.channels.line import Line
from runtime.channels.meta import Meta
from runtime.channels.provider import Provider
from runtime.channels.telegram import Telegram
from runtime.channels.twilio import Twilio, TwilioSettings
from runtime.channels.x import X


def open_providers(environment: Mapping[str, str], entries: Entries) -> dict[str, Provider]:
    """By name. Where two serve the same channel, the later one does."""
    twilio = TwilioSettings.from_environment(environment)
    found: tuple[Provider | None, ...] = (
        Twilio(twilio, entries) if twilio else None,
        Meta.from_environment(environment),
        Telegram.from_environment(environment),
        Line.from_environment(environment),
        X.from_environment(environment),
    )
    return {provider.name: provider for provider in found if provider is not None}
