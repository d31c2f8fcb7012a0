"""What every connection that we open is secured with."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Read once: the list of whom to trust takes longer to read than most answers to come."""
    return httpx.create_ssl_context(trust_env=False)
