import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.interchange.connect import paths


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("no reference", ["no reference"]),
        ("$.Attributes.x", [("Attributes", "x")]),
        ("It is $.External.code.", ["It is ", ("External", "code"), "."]),
        ("$.A.b, then $.C-d.e_f!", [("A", "b"), ", then ", ("C-d", "e_f"), "!"]),
        (
            "$.SegmentAttributes['connect:Subtype'] x",
            [("SegmentAttributes", "connect:Subtype"), " x"],
        ),
        ("costs $5 or $.50", ["costs $5 or $.50"]),
        ("$.External['sum']원", [("External", "sum"), "원"]),
        ("$['StoredCustomerInput']번", [("StoredCustomerInput",), "번"]),
        ("costs $['5']", ["costs $['5']"]),
    ],
)
def test_references_in_texts(text: str, parts: list[object]) -> None:
    assert list(paths.split(text)) == parts


def test_a_reference_is_kept_off_the_text_behind_it() -> None:
    assert paths.spell(("External", "sum"), before=" won") == "$.External.sum"
    assert paths.spell(("External", "sum"), before="원") == "$.External['sum']"
    assert paths.spell(("StoredCustomerInput",), before="번") == "$['StoredCustomerInput']"
    assert paths.spell(("External", "sum"), before=".com") is None


@given(st.text(alphabet="$.Aab1_- []'원\n", max_size=30))
def test_a_text_is_the_same_when_put_together_again(text: str) -> None:
    parts = list(paths.split(text))
    written = ""
    for part in reversed(parts):
        spelled = part if isinstance(part, str) else paths.spell(part, before=written)
        if spelled is None:
            return
        written = spelled + written
    assert list(paths.split(written)) == parts
