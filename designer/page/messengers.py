"""What becomes of one block on each channel: where it fails, and where it looks otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

from nicegui.element import Element

from designer.faces import face_of, plain
from designer.html import button, icon, tag, text
from designer.words import Language
from flowlang.channels import CHANNELS, MESSENGERS, Channel
from flowlang.model import ValuePort
from flowlang.parameters import specs
from flowlang.wiring import WiredStep

SHOWN = ("voice", "chat", *MESSENGERS)
Verdict = Literal["works", "differs", "fails"]
SYMBOLS: Mapping[Verdict, str] = {"works": "check", "differs": "help", "fails": "x"}
LOOKS: Mapping[Verdict, str] = {"works": "ok", "differs": "warn", "fails": "bad"}


@dataclass(frozen=True, slots=True)
class Found:
    channel: str
    verdict: Verdict
    words: tuple[str, ...] = ()


def found_on_channels(step: WiredStep, words: Mapping[str, str]) -> list[Found]:
    return [_found_on(CHANNELS[name], step, words) for name in SHOWN]


def _found_on(channel: Channel, step: WiredStep, words: Mapping[str, str]) -> Found:
    if step.block is None or channel.medium not in step.block.channels:
        return Found(channel.name, "fails", (words["fails_there"],))
    told = tuple(_differs(channel, step, words)) if channel.medium == "chat" else ()
    return Found(channel.name, "differs" if told else "works", told)


def _differs(channel: Channel, step: WiredStep, words: Mapping[str, str]) -> Iterator[str]:
    """What customers see otherwise than it was drawn."""
    choices = sum(isinstance(wire.spoken, ValuePort) for wire in step.wires)
    if choices > channel.buttons_max:
        said = "choices_as_list" if channel.buttons_max else "choices_no_buttons"
        yield words[said].format(n=choices, max=channel.buttons_max)
    longest = max((len(prose) for prose in _prose(step)), default=0)
    if longest > channel.text_length_max:
        yield words["text_in_parts"].format(
            n=ceil(longest / channel.text_length_max), max=channel.text_length_max
        )


def _prose(step: WiredStep) -> Iterator[str]:
    for spec in specs(step.block.Params) if step.block else ():
        if spec.multiline and spec.key in step.bound.given:
            yield plain(step.bound.given[spec.key].value)


def draw_channels(
    layer: Element, step: WiredStep, language: Language, words: Mapping[str, str]
) -> None:
    """A dialog over the page."""
    title = words["on_channels"].format(name=face_of(step, language).title)
    layer.clear()
    with layer:
        scrim = tag("div", "fl-scrim fl-over")
        scrim.on("click.self", lambda _: layer.clear())
        with scrim, tag("div", "fl-dialog narrow", role="dialog", aria_modal="true",
                        aria_label=title, data_role="dialog-channels"):  # fmt: skip
            with tag("header"):
                text(title, "fl-strong fl-grow", tag="h2")
                button("", "fl-icon-btn", symbol="x", title=words["close"],
                       on_click=layer.clear, autofocus=True)  # fmt: skip
            with tag("div", "fl-dialog-in"), tag("table", "fl-channels"), tag("tbody"):
                for found in found_on_channels(step, words):
                    _draw_row(found, words)


def _draw_row(found: Found, words: Mapping[str, str]) -> None:
    with tag("tr", data_channel=found.channel, data_verdict=found.verdict):
        text(words[f"channel_{found.channel}"], "fl-strong", tag="th", scope="row")
        with tag("td"):
            with tag("span", f"fl-pill {LOOKS[found.verdict]}"):
                icon(SYMBOLS[found.verdict])
                text(words[f"there_{found.verdict}"])
            for said in found.words:
                text(said, "fl-help", tag="div")
