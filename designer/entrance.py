"""The entrance of a served project: where somebody who is signed in can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from nicegui import ui

from designer.html import button, icon, set_value, tag, text
from designer.pages import open_page
from designer.words import Language, words
from flowlang.project import said
from runtime.http.sign_in import people_of
from runtime.security.signin import ADMIN
from runtime.serving import Site

HOME = "/"


def mount(server: FastAPI, sites: Sequence[Site]) -> None:
    """Put the entrance on a server. An agent is shown to the desk, nobody is let further."""

    @ui.page(HOME)
    async def entrance(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        people = await people_of(request, sites)
        with tag("div", "fl-page"), tag("main", "fl-home"):
            if any(person == ADMIN for _, person in people):
                _draw(sites, language)
            elif people:
                ui.navigate.to("/desk")
            else:
                text(words(language)["sign_in_first"], "fl-empty", tag="p")


def _draw(sites: Sequence[Site], language: Language) -> None:
    spoken = words(language)
    for site in sites:
        text(site.project.name, tag="h2")
        with tag("div", "fl-cards"):
            _card("pen", spoken["to_designer"], spoken["to_designer_help"], "/designer")
            for name, entry in site.entries.items():
                if "chat" in entry.channels:
                    title = said(entry.titles, language) or name
                    _card("web", title, spoken["to_chat_help"], f"/chat/{name}")
            _card("user", spoken["to_desk"], spoken["to_desk_help"], "/desk")
        text(spoken["invite_agents"], "fl-label fl-gap-above", tag="h3")
        for person, agent in site.project.agents.items():
            _draw_agent(site, person, agent.name, spoken)


def _card(symbol: str, title: str, help_text: str, address: str) -> None:
    with tag("a", "fl-card", href=address, target="_blank"):
        with tag("span", "fl-row"):
            icon(symbol, "s20")
            text(title, tag="strong")
        text(help_text, "fl-dim")


def _draw_agent(site: Site, person: str, name: str, spoken: Mapping[str, str]) -> None:
    """A link for the agent's own browser, made when it is asked for."""
    with tag("div", "fl-row fl-agent"):
        text(name, "fl-strong")
        shown = tag("span", "fl-grow")

        async def show_link() -> None:
            link = await site.sign_in_link(person)
            shown.clear()
            with shown:
                field = tag("input", "fl-mono fl-field fl-wide", type="text", readonly="",
                            aria_label=spoken["sign_in_link"])  # fmt: skip
                set_value(field, link)

        button(spoken["sign_in_link"], "fl-btn small", symbol="user", on_click=show_link)
