"""Leave it to chance."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import AfterValidator

from blocks.common import flow_types
from blocks.common.shares import Shares
from flowlang import expressions as ex
from flowlang.block import Block, Call, Card, Leave, Move, Outcome, Ports, View
from flowlang.parameters import Parameters, Percent, parameter


def _at_most_all(shares: dict[str, float]) -> dict[str, float]:
    if any(share <= 0 for share in shares.values()) or sum(shares.values()) > 100:
        raise ValueError("shares are more than nothing, and 100% together at most")
    return shares


class SplitParams(Parameters):
    shares: Annotated[dict[str, Percent], AfterValidator(_at_most_all)] = parameter(
        title={"en": "Shares", "ko": "비율"},
        help={
            "en": "A name for each way and its own share, such as `survey: 10%`.",
            "ko": "갈래마다 이름과 비율을 `survey: 10%`처럼 적습니다.",
        },
        free=True,
        min_length=1,
    )


class Split(Block[SplitParams]):
    """Sends some customers one way and some another, by chance: to try something out, or to ask
    only some of them. Each way has a name, its own share and an outcome line; `otherwise` takes
    the rest.

    ```flow
    flow example
      on error -> hang_up

    start:
      split survey: 10%, new_menu: 20%
        on survey -> survey
        on new_menu -> hang_up
        otherwise -> hang_up

    survey:
      play "May we ask you something afterwards?"
      -> hang_up
    ```
    """

    kind = "split"
    card = Card(
        category="decide",
        icon="split",
        title={"en": "Split by chance", "ko": "비율로 나누기"},
        summary={
            "en": "Sends a share of the customers each way.",
            "ko": "고객을 정해진 비율로 나누어 보냅니다.",
        },
        search=("Distribute by percentage", "비율별로 배포", "A/B", "random", "무작위", "분배"),
    )
    Params = SplitParams
    outcomes = ()
    flow_types = (*flow_types.BEFORE_AN_AGENT, "outbound_whisper")

    @classmethod
    def ports(cls, call: Call) -> Ports:
        shares = call.arguments.get("shares")
        named = tuple(
            Outcome(name=field.key, title={"en": field.key, "ko": field.key})
            for field in (shares.fields if isinstance(shares, ex.Record) else ())
        )
        return Ports(words=named, exhaustive=True)

    @staticmethod
    def start(params: SplitParams, view: View) -> Move:
        drawn = _drawn(view.seed, params.shares)
        for name, share in params.shares.items():
            drawn -= share
            if drawn < 0:
                return Leave(outcome=name)
        return Leave(outcome="otherwise")

    connect = Shares()


def _drawn(seed: int, shares: dict[str, float]) -> float:
    """From 0 up to 100, by the chance of the turn: another number for another split in it."""
    mixed = hashlib.sha256(f"{seed} {' '.join(shares)}".encode()).digest()
    return int.from_bytes(mixed[:8]) / 2**64 * 100
