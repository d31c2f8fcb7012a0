"""The entrance of a served project: where somebody who is signed in can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import FastAPI, Request
from nicegui import ui

from designer.html import button, icon, set_value, tag, text
from designer.pages import open_page
from designer.words import Language, words
from flowlang.project import said
from runtime.http.access import people_of
from runtime.security.permissions import Person
from runtime.serving import Site

HOME = "/"


def mount(server: FastAPI, sites: Sequence[Site]) -> None:
    """Put the entrance on a server. An agent is shown to the desk, nobody is let further."""

    @ui.page(HOME)
    async def entrance(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        people = await people_of(request, sites)
        with tag("div", "fl-page"), tag("main", "fl-home"):
            if people:
                _draw(people, language)
            else:
                ui.navigate.to("/sign-in")


def _draw(people: Sequence[tuple[Site, str]], language: Language) -> None:
    """What each of the people in this browser may do, project by project."""
    spoken = words(language)
    for site, person in people:
        may = partial(site.people.may_somewhere, person)
        text(site.project.name, tag="h2")
        with tag("div", "fl-cards"):
            if may("flows.edit"):
                _card("pen", spoken["to_designer"], spoken["to_designer_help"], "/designer")
            for name, entry in site.entries.items():
                if "chat" in entry.channels:
                    title = said(entry.titles, language) or name
                    _card("web", title, spoken["to_chat_help"], f"/chat/{name}")
            if person in site.project.agents or may("users.manage"):
                _card("user", spoken["to_desk"], spoken["to_desk_help"], "/desk")
            if may("queues.view"):
                title, help_text = spoken["to_supervisor"], spoken["to_supervisor_help"]
                _card("ear", title, help_text, "/supervisor")
            _card("lock", spoken["to_account"], spoken["to_account_help"], "/account")
        if may("users.manage"):
            text(spoken["invite_people"], "fl-label fl-gap-above", tag="h3")
            for other in site.people.persons.values():
                _draw_person(site, person, other, spoken)


def _card(symbol: str, title: str, help_text: str, address: str) -> None:
    with tag("a", "fl-card", href=address, target="_blank"):
        with tag("span", "fl-row"):
            icon(symbol, "s20")
            text(title, tag="strong")
        text(help_text, "fl-dim")


def _draw_person(site: Site, who: str, other: Person, spoken: Mapping[str, str]) -> None:
    """A link for their own browser, made when it is asked for."""
    with tag("div", "fl-row fl-agent"):
        text(other.title, "fl-strong")
        shown = tag("span", "fl-grow")

        async def show_link() -> None:
            link = await site.sign_in_link(other.name)
            site.audit.note(who, "sign-in.link-made", other.name)
            shown.clear()
            with shown:
                field = tag("input", "fl-mono fl-field fl-wide", type="text", readonly="",
                            aria_label=spoken["sign_in_link"])  # fmt: skip
                set_value(field, link)

        button(spoken["sign_in_link"], "fl-btn small", symbol="user", on_click=show_link)
