"""Bots as Amazon Connect names them: by the ARN of an alias, or as Lex V1 had them."""

from __future__ import annotations

from typing import Any

from flowlang import expressions as ex
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.values import Conversion, Resource

V1 = "lex"
"""The identifier of a Lex V1 bot is `lex:region:name:alias`."""
_RESOURCE = Resource("bot")


class Bot(Conversion):
    """`{"LexV2Bot": {"AliasArn": …}}` or `{"LexBot": {"Name": …, "Region": …, "Alias": …}}`."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case {"LexV2Bot": {"AliasArn": arn, **more}, **rest} if not more and not rest:
                return _RESOURCE.read(arn, scope, "LexV2Bot")
            case {"LexBot": {"Region": region, "Name": name, "Alias": alias, **more}, **rest}:
                parts = (region, name, alias)
                is_plain = all(isinstance(part, str) and _is_plain(part) for part in parts)
                if more or rest or not is_plain:
                    return None
                return scope.resource("bot", ":".join((V1, *parts)), "LexBot")
            case _:
                return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        identifier = scope.resource("bot", value, key)
        match identifier.split(":"):
            case [start, region, name, alias] if start == V1:
                return {"LexBot": {"Name": name, "Region": region, "Alias": alias}}
            case _:
                return {"LexV2Bot": {"AliasArn": identifier}}


def _is_plain(part: str) -> bool:
    return bool(part.strip()) and ":" not in part and "$." not in part
