"""The inspector's form, made from a block's schema. No block is named here.

A field shows an argument as people think of it (a sentence without quotes, a word from a list, a
duration) and hands back *source text* of the language, so that forms, canvas and text say the
same thing in the same words.
"""

from __future__ import annotations

from designer.forms.contract import Field, FieldContext
from designer.forms.fields import FieldBox, draw_wrong
from designer.forms.source import shown, written

__all__ = ["Field", "FieldBox", "FieldContext", "draw_wrong", "shown", "written"]
