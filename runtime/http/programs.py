"""Programs that talk to us: by which token, and what each token may do.

Tokens stand in the environment. While one is replaced, the one before it is valid too, under the
same name with `_PREVIOUS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, get_args

from fastapi import Header

from runtime.channels.provider import is_one_of, secrets_named
from runtime.http.problems import Problem

May = Literal["contacts.read", "contacts.original", "contacts.start", "metrics.read"]
EVERYTHING: frozenset[str] = frozenset(get_args(May))
TOKENS: Mapping[str, frozenset[str]] = {
    "FLOWLANG_API_TOKEN": EVERYTHING,
    "FLOWLANG_API_TOKEN_READ": frozenset({"contacts.read"}),
    "FLOWLANG_API_TOKEN_START": frozenset({"contacts.start"}),
    "FLOWLANG_METRICS_TOKEN": frozenset({"metrics.read"}),
}
BEARER = "Bearer "


def bearer(authorization: str) -> str:
    return authorization.removeprefix(BEARER) if authorization.startswith(BEARER) else ""


def permissions_of(token: str, environment: Mapping[str, str]) -> frozenset[str]:
    """What a token may do. Every token is compared with every secret, whatever matches first."""
    found = [
        may if is_one_of(token, secrets_named(environment, name)) else frozenset()
        for name, may in TOKENS.items()
    ]
    return frozenset().union(*found) if token else frozenset()


def allowed(wanted: May) -> Callable[[str], None]:
    """A dependency of a route: the program may do this."""

    def check(authorization: Annotated[str, Header(include_in_schema=False)] = "") -> None:
        may = permissions_of(bearer(authorization), os.environ)
        if not may:
            detail = "Send `Authorization: Bearer` with a token that the server knows."
            raise Problem(401, "no_token", detail, headers={"WWW-Authenticate": "Bearer"})
        if wanted not in may:
            raise Problem(403, "not_permitted", f"This token is not for `{wanted}`.")

    return check
