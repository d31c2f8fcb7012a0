"""What is called a good constant without asking the block's model, the model takes."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from blocks.catalogue import catalogue
from flowlang.block import Block
from flowlang.checking.bounds import surely_fit
from flowlang.parameters import Parameters, specs

LIBRARY = catalogue()
BLOCKS = [block for kind in LIBRARY.kinds() if (block := LIBRARY.block(kind)) is not None]
PLAIN = st.one_of(
    st.booleans(),
    st.integers(-3, 200),
    st.sampled_from([0.5, 1e9, -0.0, 10**15]),
    st.sampled_from(["", "a", "ko-KR", "+82212345678", "x" * 5_000]),
)
VALUES = st.one_of(PLAIN, st.lists(PLAIN, max_size=3), st.none())


@st.composite
def constants(draw: st.DrawFn, block: type[Block[Parameters]]) -> dict[str, Any]:
    found = {}
    for spec in specs(block.Params):
        if draw(st.booleans()):
            words = [st.sampled_from(spec.words)] if spec.words else []
            found[spec.key] = draw(st.one_of(VALUES, *words))
    return found


def refused(model: type[Parameters], values: dict[str, Any]) -> set[str]:
    try:
        model.model_validate(values)
    except ValidationError as error:
        return {detail["type"] for detail in error.errors()}
    return set()


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_the_model_takes_what_surely_fits(data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(BLOCKS))
    given_ones = data.draw(constants(block))
    if surely_fit(block.Params, given_ones):
        assert refused(block.Params, given_ones) <= {"missing"}


def test_most_of_what_people_write_surely_fits() -> None:
    wait = LIBRARY.block("ask")
    assert wait is not None
    assert surely_fit(wait.Params, {"text": "Yes?", "timeout": 5})
    assert not surely_fit(wait.Params, {"text": "Yes?", "timeout": -5})
