"""Troubles of the SDK as refusals of a service."""

from __future__ import annotations

from runtime.services.asked import Reason, Refused
from runtime.services.aws.clients import Kind, Trouble

_REASONS: dict[Kind, Reason] = {
    "timeout": "timeout",
    "not_found": "none_found",
    "invalid": "invalid",
    "conflict": "invalid",
    "failed": "failed",
}


def refused(trouble: Trouble) -> Refused:
    return Refused(_REASONS[trouble.kind], trouble.detail[:500])
