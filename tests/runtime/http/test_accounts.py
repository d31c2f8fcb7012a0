"""Signing in with a password, one's account, and the table of who may open what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pyotp
import pytest
from starlette.routing import Mount

from designer.commands.serve import _app
from runtime.http.access import ANYBODY_KNOWN, EVERYBODY, ROUTES, SIGNED, TOKEN
from runtime.security.permissions import ADMIN
from tests.runtime.http.conftest import Live

PASSWORD = "correct horse battery"


async def let_in(live: Live, person: str = "ann") -> None:
    link = await live.site.sign_in_link(person)
    answer = await live.client.post(link, follow_redirects=False)
    assert answer.status_code == 303


def here(live: Live) -> dict[str, str]:
    return {"Origin": live.url}


async def post(live: Live, path: str, **form: str) -> httpx.Response:
    return await live.client.post(path, data=form, headers=here(live), follow_redirects=False)


async def test_a_password_is_set_after_a_link_and_signs_in(live: Live) -> None:
    stranger = await live.client.get("/account")
    assert stranger.status_code == 401
    assert 'action="/sign-in"' in stranger.text
    assert "the link that the server printed" in stranger.text
    await let_in(live)
    assert "new" in (await live.client.get("/account")).text
    assert (await post(live, "/account/password", new="short")).status_code == 400
    assert (await post(live, "/account/password", new=PASSWORD)).status_code == 200
    live.client.cookies.clear()
    assert (await post(live, "/sign-in", name="ann", password="wrong")).status_code == 403
    answer = await post(live, "/sign-in", name="ann", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert "HttpOnly" in answer.headers["set-cookie"]
    # To change it one has to know it.
    again = await post(live, "/account/password", new=PASSWORD + "2", old="wrong")
    assert again.status_code == 403


async def test_a_second_factor_is_added_and_wanted(live: Live) -> None:
    await let_in(live)
    await post(live, "/account/password", new=PASSWORD)
    page = (await live.client.get("/account")).text
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret is not None
    assert "data:image/svg+xml" in page
    totp = pyotp.TOTP(secret[1])
    form = {"secret": secret[1], "code": totp.now()}
    assert (await post(live, "/account/second-factor", **form)).status_code == 200
    live.client.cookies.clear()
    answer = await post(live, "/sign-in", name="ann", password=PASSWORD)
    assert answer.status_code == 403


async def test_forms_of_other_pages_change_nothing(live: Live) -> None:
    await let_in(live)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/x"}):
        answer = await live.client.post(
            "/account/password", data={"new": PASSWORD}, headers=headers
        )
        assert answer.status_code == 403
    assert not await live.site.sign_ins.has_password("ann")


async def test_guesses_are_limited_and_written_down(live: Live) -> None:
    statuses = [
        (await post(live, "/sign-in", name="ann", password=f"guess {number}")).status_code
        for number in range(12)
    ]
    assert 429 in statuses
    acts = [(act.did, act.to) for act in live.site.audit.acts()]
    assert ("sign-in.refused", "ann") in acts
    assert live.site.audit.verify() is None


async def test_a_name_that_nobody_has_is_told_like_a_wrong_password(live: Live) -> None:
    one = await post(live, "/sign-in", name="ann", password=PASSWORD)
    other = await post(live, "/sign-in", name="nobody<script>", password=PASSWORD)
    assert one.text == other.text


# --- the table of routes ------------------------------------------------------------------------


def addresses(routes: Iterable[Any]) -> Iterator[str]:
    """Every address that is served, however deep its router lies."""
    for route in routes:
        if (router := getattr(route, "original_router", None)) is not None:
            yield from addresses(router.routes)
        elif isinstance(route, Mount) and not route.path:
            yield from addresses(route.routes)
        else:
            yield route.path


def test_every_route_says_for_whom_it_is(live: Live) -> None:
    parts_of_pages = ("/_flowlang", "/_nicegui")
    served = {
        path for path in addresses(_app([live.site]).routes) if not path.startswith(parts_of_pages)
    }
    assert served <= set(ROUTES), served - set(ROUTES)
    assert set(ROUTES) <= served, set(ROUTES) - served


@pytest.mark.parametrize(
    "path",
    [path for path, who in ROUTES.items() if who not in (EVERYBODY,) and "{" not in path],
)
async def test_nobody_comes_in_without_what_the_table_says(live: Live, path: str) -> None:
    who = ROUTES[path]
    if who == SIGNED:
        assert (await live.client.post(path, content=b"{}")).status_code == 403
    elif who in (TOKEN, ANYBODY_KNOWN) and path != "/":
        answer = await live.client.post(path) if path.count("/") > 1 else None
        if answer is None or answer.status_code == 405:
            answer = await live.client.get(path)
        assert answer.status_code in (401, 403, 404, 422)


async def test_a_session_of_somebody_who_left_is_worth_nothing(live: Live) -> None:
    await let_in(live, ADMIN)
    assert (await live.client.get("/account")).status_code == 200
    object.__setattr__(live.site.people, "persons", {})
    assert (await live.client.get("/account")).status_code == 401
