"""An action of Amazon Connect that has no block of its own."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang import expressions as ex
from flowlang import types
from flowlang.block import Block, Call, Card, Leave, Move, Outcome, Ports, View
from flowlang.interchange.connect.carrying import TERMINAL, Carried
from flowlang.model import WordPort
from flowlang.parameters import Anything, Parameters, Text, parameter

_NEXT: Mapping[str, str] = {"en": "next", "ko": "다음"}
_ERROR: Mapping[str, str] = {"en": "error", "ko": "오류"}


class ConnectParams(Parameters):
    action: Text = parameter(
        title={"en": "Type of action", "ko": "동작 종류"},
        help={
            "en": "As Amazon Connect's flow language calls it.",
            "ko": "Amazon Connect 흐름 언어에서 부르는 이름입니다.",
        },
        position=0,
        max_length=200,
    )
    parameters: dict[str, Anything] = parameter(
        title={"en": "Its parameters", "ko": "동작의 매개변수"},
        help={
            "en": "Handed to Amazon Connect as they stand.",
            "ko": "적힌 그대로 Amazon Connect에 전달됩니다.",
        },
        default_factory=dict,
        free=True,
    )


class Connect(Block[ConnectParams]):
    """Carries an action of Amazon Connect through unharmed: its type, its parameters with their
    own names, and its outcomes as Connect calls them. Imports use it where no other block says
    the same. It does its work on Amazon Connect alone; everywhere else it takes `error`.

    ```flow
    flow example

    start:
      connect "UpdateContactRoutingCriteria"
        RoutingCriteria:
          Steps:
            - Expression:
                AttributeCondition:
                  Name: "language"
                  Value: "ko"
        on error -> hang_up
      -> hang_up
    ```
    """

    kind = "connect"
    offered = False
    card = Card(
        category="integrate",
        icon="http",
        title={"en": "Amazon Connect action", "ko": "Amazon Connect 동작"},
        summary={
            "en": "Carries an action that only Amazon Connect has.",
            "ko": "Amazon Connect에만 있는 동작을 그대로 담아 둡니다.",
        },
        search=("Amazon Connect", "action", "동작", "import", "가져오기"),
    )
    Params = ConnectParams
    outcomes = (
        Outcome(name="next", title=_NEXT, unrouted="next"),
        Outcome(name="error", title=_ERROR, unrouted="next"),
    )
    waits = "customer"
    connect = Carried()

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """Whatever its outcome lines say. An action that ends the flow goes nowhere."""
        match call.arguments.get("action"):
            case ex.Literal(value=type_) if type_ in TERMINAL:
                return Ports()
        said = [port.word for route in call.step.routes for port in route.ports
                if isinstance(port, WordPort)]  # fmt: skip
        known = {outcome.name for outcome in cls.outcomes}
        more = tuple(
            Outcome(name=word, title={"en": word, "ko": word})
            for word in dict.fromkeys(said)
            if word not in known
        )
        return Ports(words=(*cls.outcomes, *more), values=types.ANY, conditions=True)

    @staticmethod
    def start(params: ConnectParams, view: View) -> Move:
        return Leave(outcome="error")
