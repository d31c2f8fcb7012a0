"""The overview: every flow of the folder, and a way to begin one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nicegui import ui

from designer.html import button, icon, on_value, prose, tag, text
from designer.page.bar import draw_choices
from designer.words import Language, words
from designer.workspace import Listed, Workspace

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def draw_overview(workspace: Workspace, language: Language, home: str) -> None:
    said = words(language)
    flows = workspace.flows()
    with tag("div", "fl-page"):
        draw_top(workspace.folder.name, language, home)
        with tag("section", "fl-home"):
            text(said["flows"], tag="h2")
            if flows:
                with tag("div", "fl-cards"):
                    for file in flows:
                        _draw_card(file, home, said)
            else:
                with tag("div", "fl-empty"):
                    text(said["no_flows"], "fl-strong", tag="div")
                    prose(said["no_flows_help"], tag="div")
            if workspace.folder.is_dir():
                _draw_new(workspace, home, said)


def draw_told(word: str, language: Language, home: str) -> None:
    """A page that only says something: there is no such flow, say."""
    said = words(language)
    with tag("div", "fl-page"):
        draw_top("Flowlang", language, home)
        with tag("section", "fl-home"):
            text(said[word], "fl-empty", tag="p")
            with tag("a", "fl-btn", href=home):
                icon("right")
                text(said["flows"])


def draw_top(name: str, language: Language, home: str) -> None:
    said = words(language)
    with tag("header", "fl-bar"):
        with tag("a", "fl-logo", href=home, title=said["flows"], aria_label=said["flows"]):
            icon("split")
        text(name, "fl-cut", tag="h1")
        tag("span", "fl-grow")
        draw_choices(
            language,
            said,
            speak=lambda chosen: ui.navigate.to(f"?lang={chosen}"),
            shade=lambda chosen: ui.navigate.to(f"?theme={chosen}"),
        )


def _draw_card(file: Listed, home: str, said: Mapping[str, str]) -> None:
    with tag("a", "fl-card", href=f"{home}/{file.address}"):
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


def _draw_new(workspace: Workspace, home: str, said: Mapping[str, str]) -> None:
    """A name and a button; the name is that of the file and of the flow."""
    typed = {"name": ""}

    def create() -> None:
        name = typed["name"].strip()
        if not NAME.fullmatch(name):
            tell("new_flow_name")
        elif made := workspace.create(name):
            ui.navigate.to(f"{home}/{made.address}")
        else:
            tell("new_flow_taken")

    def tell(word: str) -> None:
        told.clear()
        with told:
            text(said[word])

    with tag("div", "fl-new"):
        with tag("label", "fl-field"):
            entry = tag("input", "fl-mono", type="text", spellcheck="false",
                        placeholder=said["new_flow_example"],
                        aria_label=said["new_flow_label"], data_role="new-flow")  # fmt: skip
        button(said["new_flow"], "fl-btn", symbol="plus", on_click=create, data_role="create")
        told = tag("div", "fl-wrong", role="status")
    on_value(entry, "input", lambda name: typed.update(name=name))
    entry.on("keydown.enter", lambda _: create())
