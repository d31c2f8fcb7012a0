"""Work that is kept while what it asked for has the same answers.

An edit changes little of a flow. Whoever works something out for a part of it asks the rest through
`Asking`, which notes each question with its answer. For the next text the questions are asked
again, and only where an answer differs is the work done anew. So nothing has to say what it
depends on, and nothing can forget to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from flowlang.model import Node

Whole = TypeVar("Whole")
Answer = TypeVar("Answer")
Answers = Mapping[tuple[Callable[..., Any], tuple[Any, ...]], object]
"""By question with its details. Nodes of the model count as the same only if they are one, since
equal nodes can stand in different places; they are answers of their own, never inside of one."""


_NOT_ASKED: Any = object()


class Asking(Generic[Whole]):
    """Questions are methods of what is asked, unbound: they are asked of another one later."""

    __slots__ = ("answers", "whole")

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.answers: dict[tuple[Callable[..., Any], tuple[Any, ...]], Any] = {}

    def ask(self, question: Callable[..., Answer], *details: Any) -> Answer:
        key = (question, details)
        answer: Answer = self.answers.get(key, _NOT_ASKED)
        if answer is _NOT_ASKED:
            answer = self.answers[key] = question(self.whole, *details)
        return answer


def still_hold(answers: Answers, whole: object) -> bool:
    for (question, details), answer in answers.items():
        found = question(whole, *details)
        if found is not answer and (isinstance(answer, Node) or found != answer):
            return False
    return True
