"""Rows that are put in another order, and fields that fit their parameters."""

from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from designer.forms.rows import moved, record
from designer.forms.source import shown, widget_of, written
from flowlang import expressions as ex
from flowlang.interchange.values import read_value
from flowlang.parameters import specs


@given(st.lists(st.text(max_size=3), min_size=1, max_size=6), st.data())
def test_a_row_moves_and_moves_back(order: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(order) - 1))
    by = data.draw(st.sampled_from([1, -1]))
    if 0 <= index + by < len(order):
        there = moved(order, index, by)
        assert there[index + by] == order[index]
        assert moved(there, index + by, -by) == order


def test_a_record_is_spelled_as_the_text_does() -> None:
    spelt = record({"limit": "limit", "kind of": '"new"'})
    found = read_value({"is": spelt})
    assert isinstance(found, ex.Record)
    assert [field.key for field in found.fields] == ["limit", "kind of"]


def test_lists_records_durations_and_numbers_have_fields_of_their_own() -> None:
    found = {
        (kind, spec.key): widget_of(spec)
        for kind in catalogue().kinds()
        if (block := catalogue().block(kind))
        for spec in specs(block.Params)
    }
    assert found["loop_prompts", "messages"] == "list"
    assert found["talk", "session"] == "record"
    assert found["talk", "timeout"] == "duration"
    assert found["talk", "ssml"] == "markup"
    assert found["check_voice", "threshold"] == "number"
    assert found["transfer_phone", "number"] == "phone"


def test_a_phone_number_is_written_without_its_signs() -> None:
    assert written("phone", "+82 (10) 1234-5678") == '"+821012345678"'
    assert written("phone", "caller.number") == "caller.number"
    assert shown("phone", read_value({"is": '"+821012345678"'})) == "+821012345678"
    assert shown("phone", read_value({"is": "caller.number"})) == "caller.number"
