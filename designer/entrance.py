"""The entrance of a served project: where somebody who is signed in can go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI, Request
from nicegui import ui

from designer.bar import SYMBOLS, top
from designer.html import button, icon, set_value, tag, text
from designer.page.overview import draw_card
from designer.pages import open_page
from designer.visitor import ADDRESSES, Place, Visitor
from designer.words import Language, words
from designer.workspace import Listed
from flowlang.project import said
from runtime.http.access import people_of
from runtime.security.permissions import ADMIN, Person
from runtime.serving import Site

HOME = "/"
FLOWS_SHOWN_MAX = 6
"""More of them stand in the designer."""
PLACES: tuple[Place, ...] = ("designer", "desk", "supervisor")
FlowsOf = Callable[[Site], list[Listed]]


def mount(server: FastAPI, sites: Sequence[Site], flows_of: FlowsOf) -> None:
    """Put the entrance on a server. An agent is shown to the desk, nobody is let further."""

    @ui.page(HOME)
    async def entrance(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        people = await people_of(request, sites)
        if not people:
            ui.navigate.to("/sign-in")
            return
        with tag("div", "fl-page"):
            with top("entrance", await visitor_of(request, language, sites), language):
                tag("span", "fl-grow")
            with tag("main", "fl-home"):
                for site in sites:
                    if here := [person for at, person in people if at is site]:
                        _draw_project(site, here, flows_of(site), language)


# --- who may go where ---------------------------------------------------------------------------


async def visitor_of(request: Request, language: Language, sites: Sequence[Site]) -> Visitor:
    people = await people_of(request, sites)
    places = [
        place for place in PLACES if any(may_go(site, person, place) for site, person in people)
    ]
    names = dict.fromkeys(name_of(site.people.persons[person], language) for site, person in people)
    return Visitor(names=tuple(names), places=("entrance", *places))


def may_go(site: Site, person: str, place: Place) -> bool:
    match place:
        case "entrance":
            return True
        case "designer":
            return site.people.may_somewhere(person, "flows.edit")
        case "desk":
            return person in site.project.agents
        case "supervisor":
            return site.people.may_somewhere(person, "queues.view")


def name_of(person: Person, language: Language) -> str:
    """As colleagues call them."""
    return words(language)["administrator"] if person.title == ADMIN else person.title


# --- a project ----------------------------------------------------------------------------------


def _draw_project(
    site: Site, people: Sequence[str], flows: Sequence[Listed], language: Language
) -> None:
    """What can be done in it by those who sit at this browser."""
    spoken = words(language)
    text(site.project.name, tag="h2")
    with tag("div", "fl-cards"):
        for place in PLACES:
            if any(may_go(site, person, place) for person in people):
                title, told = spoken[f"to_{place}"], spoken[f"to_{place}_help"]
                _draw_place(SYMBOLS[place], title, told, ADDRESSES[place])
        for name, entry in site.entries.items():
            if "chat" in entry.channels:
                title = said(entry.titles, language) or name
                _draw_place("web", title, spoken["to_chat_help"], f"/chat/{name}", is_apart=True)
    if flows and any(may_go(site, person, "designer") for person in people):
        text(spoken["flows"], "fl-label", tag="h3")
        with tag("div", "fl-cards"):
            for file in flows[:FLOWS_SHOWN_MAX]:
                draw_card(file, ADDRESSES["designer"], language)
        if more := flows[FLOWS_SHOWN_MAX:]:
            with tag("a", "fl-link", href=ADDRESSES["designer"]):
                text(spoken["and_more"].format(n=len(more)))
    manager = next((who for who in people if site.people.may_somewhere(who, "users.manage")), None)
    if manager:
        text(spoken["invite_people"], "fl-label", tag="h3")
        with tag("div", "fl-people"):
            for other in site.people.persons.values():
                _draw_person(site, manager, other, language)


def _draw_place(
    symbol: str, title: str, told: str, address: str, *, is_apart: bool = False
) -> None:
    """`is_apart`: in a window of its own, as a customer has it."""
    with tag("a", "fl-card fl-place", href=address, target="_blank" if is_apart else ""):
        icon(symbol, "s20")
        with tag("span", "fl-grow"):
            text(title, tag="strong")
            text(told, "fl-soft", tag="div")


def _draw_person(site: Site, who: str, other: Person, language: Language) -> None:
    """A link for their own browser, made when it is asked for."""
    spoken = words(language)
    with tag("div", "fl-row fl-agent"):
        text(name_of(other, language), "fl-strong")
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
