"""With the next text of a file, what an edit left as it was is not worked out again."""

from __future__ import annotations

from blocks.catalogue import catalogue
from flowlang.lsp.documents import Documents

TEXT = 'flow x\n\nstart:\n  play "a"\n  -> other\n\nother:\n  play "b"\n  -> hang_up\n'


def test_a_section_that_is_as_it_was_is_the_same() -> None:
    documents = Documents(catalogue())
    before = documents.put("untitled:x", TEXT).flow
    after = documents.put("untitled:x", TEXT.replace('"a"', '"c"')).flow
    assert after.wiring.sections["other"] is before.wiring.sections["other"]
    assert after.wiring.sections["start"] is not before.wiring.sections["start"]


def test_so_it_is_if_nobody_looked_at_a_text_between() -> None:
    documents = Documents(catalogue())
    before = documents.put("untitled:x", TEXT).flow
    documents.put("untitled:x", TEXT.replace('"a"', '"cc"'))
    after = documents.put("untitled:x", TEXT.replace('"a"', '"ccc"')).flow
    assert after.wiring.sections["other"] is before.wiring.sections["other"]
