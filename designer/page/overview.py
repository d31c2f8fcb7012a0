"""The overview: every flow of the folder, and a way to begin one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from unicodedata import normalize

from nicegui import ui

from designer.bar import top
from designer.html import button, icon, on_value, prose, tag, text
from designer.page.files import Files
from designer.templates import TEMPLATES, texts
from designer.visitor import Visitor
from designer.words import Language, words
from designer.workspace import Listed, Workspace
from flowlang.syntax.parser import parse
from flowlang.syntax.spelling import NAME

NAME_LETTERS_MAX = 60


def draw_overview(workspace: Workspace, language: Language, home: str, visitor: Visitor) -> None:
    said = words(language)
    flows = workspace.flows()
    with tag("div", "fl-page"):
        with top("designer", visitor, language):
            text(workspace.folder.name, "fl-cut", tag="h1")
            tag("span", "fl-grow")
        with tag("section", "fl-home"):
            text(said["flows"], tag="h2")
            if flows:
                with tag("div", "fl-cards"):
                    for file in flows:
                        draw_card(file, home, language)
            else:
                with tag("div", "fl-empty"):
                    text(said["no_flows"], "fl-strong", tag="div")
                    prose(said["no_flows_help"], tag="div")
            if workspace.folder.is_dir():
                _draw_new(workspace, language, home)


def draw_card(file: Listed, home: str, language: Language) -> None:
    said = words(language)
    with tag("a", "fl-card", href=f"{home}/{file.address}", data_flow=file.address):
        with tag("div", "fl-row"):
            text(file.title, "fl-grow fl-cut", tag="strong")
            if not file.is_whole:
                with tag("span", "fl-pill bad"):
                    icon("warn")
                    text(said["has_broken_lines"])
        text(file.address, "fl-dim fl-mono fl-cut")
        blocks = said["canvas_one_block" if file.blocks == 1 else "canvas_many_blocks"]
        sections = said["one_section" if file.sections == 1 else "many_sections"]
        with tag("div", "fl-row fl-card-foot fl-soft"):
            text(blocks.format(n=file.blocks))
            text("·", "fl-dim", aria_hidden="true")
            text(sections.format(n=file.sections))


def _draw_new(workspace: Workspace, language: Language, home: str) -> None:
    """A name, which is that of the file and of the flow, and what to begin with."""
    said = words(language)
    typed = {"name": ""}

    def begin(template: str) -> None:
        name = normalize("NFC", typed["name"].strip())
        if (name or not template) and not is_name(name):
            tell("new_flow_name")
            return
        made = (
            workspace.begin(name, template, language) if template else workspace.create(name)
        )  # fmt: skip
        if made:
            ui.navigate.to(f"{home}/{made.address}")
        else:
            tell("new_flow_taken")

    def tell(word: str) -> None:
        told.clear()
        with told:
            text(said[word])

    text(said["new_flow"], "fl-apart", tag="h2")
    with tag("div", "fl-new"):
        with tag("label", "fl-field"):
            entry = tag("input", "fl-mono", type="text", spellcheck="false",
                        placeholder=said["new_flow_example"],
                        aria_label=said["new_flow_label"], data_role="new-flow")  # fmt: skip
        button(said["new_flow"], "fl-btn", symbol="plus", on_click=lambda: begin(""),
               data_role="create")  # fmt: skip
        told = tag("div", "fl-wrong", role="status")
    on_value(entry, "input", lambda name: typed.update(name=name))
    entry.on("keydown.enter", lambda _: begin(""))
    files = Files(tag("div"), language, said, home=home, bring=workspace.bring_in)
    text(said["begin_with"], "fl-label fl-gap-above", tag="h3")
    with tag("div", "fl-cards"):
        for template, symbol in TEMPLATES.items():
            title = parse(texts(template, template, language)[0]).document.header
            _draw_beginning(title.title or "" if title else "", said[f"template_{template}"],
                            symbol, partial(begin, template), template)  # fmt: skip
        _draw_beginning(said["bring_in"], said["bring_in_help"], "send", files.pick, "file")


def is_name(name: str) -> bool:
    """Whether a flow and its file can be called so, in whatever script."""
    return bool(NAME.fullmatch(name)) and len(name) <= NAME_LETTERS_MAX


def _draw_beginning(
    title: str, about: str, symbol: str, act: Callable[[], object], role: str
) -> None:
    made = tag("button", "fl-card fl-beginning", type="button", data_begin=role)
    with made:
        with tag("span", "fl-row"):
            icon(symbol, "s20")
            text(title, "fl-cut", tag="strong")
        text(about, "fl-soft")
    made.on("click", lambda _: act())
