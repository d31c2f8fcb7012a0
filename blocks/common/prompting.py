"""What customers hear, as Amazon Connect spells it: text, SSML, a prompt or a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common.speech import is_markup, is_recording
from flowlang import expressions as ex
from flowlang.block import PROMPT
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import Param
from flowlang.interchange.connect.values import Conversion, Text, read_text, unsayable

GATHERED: Mapping[str, tuple[str, ...]] = {"Prompt": ("Text", "PromptId", "Media")}


class Spoken(Conversion):
    """`{"Text": …}`, `{"PromptId": …}` or `{"Media": …}`; in a list of messages `{"SSML": …}`
    too, which stands among the texts there."""

    def __init__(self, *, in_list: bool = False) -> None:
        self.in_list = in_list

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case {"Text": str(text), **rest} if not rest:
                return None if self._means_more(text) else Text().read(text, scope, path)
            case {"SSML": str(text), **rest} if not rest and self.in_list:
                return Text().read(text, scope, path) if is_markup(text) else None
            case {"PromptId": str(name), **rest} if not rest and name.strip():
                return _read_prompt(name, scope)
            case {"Media": {"Uri": str(uri), "SourceType": "S3", "MediaType": "Audio", **rest}}:
                return ex.Literal(uri, "text") if is_recording(uri) and not rest else None
            case _:
                return None

    def _means_more(self, text: str) -> bool:
        """Whether a text would be taken for something else."""
        is_other = self.in_list and is_markup(text)
        return is_other or text.startswith(PROMPT) or is_recording(text)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        if (prompt := scope.recorded(value)) is not None:
            return {"PromptId": prompt}
        match value:
            case ex.Template(parts=(str(start), ex.Name() as name)) if start == PROMPT:
                return {"PromptId": scope.whole(name, key)}
            case ex.Literal(value=str(text)) if text.startswith(PROMPT):
                return {"PromptId": scope.resource("prompt", _after(text), key)}
            case ex.Literal(value=str(text)) if is_recording(text):
                if not text.startswith("s3://"):
                    raise unsayable("FL436", value, key)
                return {"Media": {"Uri": text, "SourceType": "S3", "MediaType": "Audio"}}
        said = scope.text(value, key)
        return {"SSML" if self.in_list and is_markup(said) else "Text": said}


def _read_prompt(name: str, scope: ReadScope) -> ex.Expression | None:
    match read_text(name):
        case ex.Name() as reference:
            return ex.Template((PROMPT, reference))
        case ex.Literal():
            return scope.resource("prompt", name, "PromptId")
        case _:
            return None


def _after(text: str) -> ex.Expression:
    return ex.Literal(text.removeprefix(PROMPT), "text")


SAID = (
    Param("text", "Prompt", Spoken(), unless="ssml"),
    Param("ssml", "SSML"),
)
"""The parameters `text` and `ssml` of a step that says something."""
