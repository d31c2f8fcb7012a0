"""The canvas with a real mouse and real keys."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.web.conftest import Canvas

pytestmark = pytest.mark.browser


def rects_of(canvas: "Canvas") -> list[dict[str, float]]:
    return list(
        canvas.page.evaluate(
            """() => [...document.querySelectorAll('.vue-flow__node')].map(node => {
                 const {left, top, right, bottom} = node.getBoundingClientRect();
                 return {id: node.dataset.id, l: left, t: top, r: right, b: bottom};
               })"""
        )
    )


# Looking


def test_cards_say_what_they_are(canvas: "Canvas") -> None:
    card = canvas.card("ask")
    assert card.locator(".fc-title").inner_text() == "Main menu"
    assert card.locator(".fc-key").all_inner_texts() == ["1", "2", "3"]
    assert card.locator(".fc-chip").inner_text() == "{caller.name}"
    label = card.get_attribute("aria-label") or ""
    assert label.startswith("ask. Main menu.")
    assert "1 요금 문의 → Billing" in label
    assert canvas.card("crm").locator(".fc-mark").get_attribute("title")


def test_a_port_without_a_wire_is_told(canvas: "Canvas") -> None:
    canvas.page.mouse.click(*wire_point(canvas, "ask.요금 문의"))
    canvas.page.keyboard.press("Delete")
    assert canvas.intent("disconnect") == {"wire": "ask.요금 문의"}
    canvas.page.wait_for_function(
        """() => document.querySelector('[data-id="ask"]').ariaLabel.includes('leads nowhere')"""
    )


def test_wires_keep_clear_of_cards_and_of_each_other(canvas: "Canvas") -> None:
    ids = canvas.page.evaluate(
        "() => [...document.querySelectorAll('.vue-flow__node')].map(n => n.dataset.id)"
    )
    rects = {rect["id"]: rect for rect in rects_of(canvas)}
    assert set(rects) == set(ids)
    for name in ("hours.open", "repeat.again", "billing.full", "bot.resolved", "ask.no match"):
        points = canvas.wire(name)["points"]
        for a, b in pairwise(points):
            assert a["x"] == b["x"] or a["y"] == b["y"]
        shown = on_screen(canvas, points)
        for a, b in pairwise(shown[1:-1]):
            assert not any(crosses(a, b, rect) for rect in rects.values()), name


def on_screen(canvas: "Canvas", points: list[dict[str, float]]) -> list[tuple[float, float]]:
    """Canvas points on the screen, worked out from a card that is in both."""
    box = canvas.card("record").bounding_box()
    assert box is not None
    zoom = canvas.state()["zoom"]
    return [(box["x"] + (p["x"] - 100) * zoom, box["y"] + (p["y"] - 52) * zoom) for p in points]


def crosses(a: tuple[float, float], b: tuple[float, float], rect: dict[str, float]) -> bool:
    return (
        max(a[0], b[0]) > rect["l"] + 1
        and min(a[0], b[0]) < rect["r"] - 1
        and max(a[1], b[1]) > rect["t"] + 1
        and min(a[1], b[1]) < rect["b"] - 1
    )


def wire_point(canvas: "Canvas", wire: str) -> tuple[float, float]:
    place = canvas.wire(wire)
    return place["x"], place["y"]


def test_a_travelled_path_is_lit(canvas: "Canvas") -> None:
    canvas.page.get_by_role("button", name="light", exact=True).click()
    canvas.card("bot").locator(".fc-now").wait_for()
    assert canvas.card("set").locator(".fc-pill").inner_text() == "tier = gold"
    assert canvas.page.locator(".fc-card.quiet").count() == 4
    canvas.page.get_by_role("button", name="unlight").click()
    canvas.card("bot").locator(".fc-now").wait_for(state="detached")


def test_the_theme_can_be_switched(open_canvas: Callable[..., "Canvas"]) -> None:
    canvas = open_canvas("?dark=true", wait='.vue-flow__node[data-id="ask"]')
    script = "e => getComputedStyle(e).backgroundColor"
    card = canvas.card("ask").locator(".fc-card")
    assert card.evaluate(script) == "rgb(25, 29, 37)"
    canvas.page.evaluate("() => { document.documentElement.dataset.theme = 'light' }")
    assert card.evaluate(script) == "rgb(255, 255, 255)"


# Changing


def test_a_card_is_moved_by_the_grid(canvas: "Canvas") -> None:
    x, y = canvas.middle(canvas.card("set").locator(".fc-title"))
    before = canvas.wire("crm.next")["points"]
    untouched = canvas.wire("offer.accepted")["points"]
    canvas.drag((x, y), (x + 33, y + 70))
    moves = canvas.intent("moved")["moves"]
    zoom = canvas.state()["zoom"]
    assert [move["id"] for move in moves] == ["set"]
    assert abs(moves[0]["x"] - 336 - 33 / zoom) <= 5
    assert moves[0]["x"] % 8 == 0
    assert canvas.wire("crm.next")["points"] != before
    assert canvas.wire("offer.accepted")["points"] == untouched


def test_selected_cards_move_together(canvas: "Canvas") -> None:
    canvas.card("crm").locator(".fc-title").click()
    canvas.card("set").locator(".fc-title").click(modifiers=["Shift"])
    assert canvas.state()["selected"] == ["crm", "set"]
    x, y = canvas.middle(canvas.card("set").locator(".fc-title"))
    canvas.drag((x, y), (x, y + 60))
    moves = canvas.intent("moved")["moves"]
    assert {move["id"] for move in moves} == {"crm", "set"}
    assert len({move["y"] for move in moves}) == 1


def test_escape_takes_a_move_back(canvas: "Canvas") -> None:
    x, y = canvas.middle(canvas.card("set").locator(".fc-title"))
    canvas.card("set").locator(".fc-title").click()
    canvas.page.mouse.move(x, y)
    canvas.page.mouse.down()
    canvas.page.mouse.move(x + 100, y + 100, steps=4)
    canvas.page.keyboard.press("Escape")
    canvas.page.mouse.up()
    assert canvas.middle(canvas.card("set").locator(".fc-title")) == pytest.approx((x, y), abs=1)
    assert "moved" not in [name for name, _ in canvas.intents()]


def test_a_wire_is_pulled_to_a_card(canvas: "Canvas") -> None:
    start = canvas.middle(canvas.port("ask", "no match"))
    canvas.drag(start, canvas.middle(canvas.card("offer")))
    assert canvas.intent("connect") == {"source": "ask", "port": "no match", "target": "offer"}
    canvas.page.wait_for_timeout(100)
    assert canvas.wire("ask.no match")["points"][-1] == {"x": 396, "y": 702}


def test_a_wire_is_pulled_to_a_folded_section(canvas: "Canvas") -> None:
    start = canvas.middle(canvas.port("repeat", "used up"))
    canvas.drag(start, canvas.middle(canvas.page.locator('[data-section="support"]')))
    assert canvas.intent("connect")["target"] == "tech"


def test_a_wire_is_pulled_into_nothing(canvas: "Canvas") -> None:
    start = canvas.middle(canvas.port("hours", "closed"))
    canvas.drag(start, (start[0] + 60, start[1] + 40))
    void = canvas.intent("void")
    assert (void["source"], void["port"]) == ("hours", "closed")
    assert (void["x"] % 8, void["y"] % 8) == (0, 0)
    assert (void["clientX"], void["clientY"]) == pytest.approx(
        (start[0] + 60, start[1] + 40), abs=1
    )


def test_a_block_is_dropped_from_the_palette(canvas: "Canvas") -> None:
    item = canvas.page.locator('[data-kind="play"]')
    item.drag_to(canvas.root, target_position={"x": 500, "y": 850})
    dropped = canvas.intent("drop")
    assert dropped["kind"] == "play"
    assert "wire" not in dropped
    canvas.card("new1").wait_for()


def test_a_block_is_dropped_on_a_wire(canvas: "Canvas") -> None:
    x, y = wire_point(canvas, "hours.open")
    box = canvas.root.bounding_box()
    assert box is not None
    position = {"x": x - box["x"], "y": y - box["y"] + 3}
    canvas.page.locator('[data-kind="ask"]').drag_to(canvas.root, target_position=position)
    assert canvas.intent("drop")["wire"] == "hours.open"
    canvas.card("new1").wait_for()
    assert canvas.state()["wires"] == 23


def test_blocks_are_deleted_with_their_wires(canvas: "Canvas") -> None:
    canvas.card("set").locator(".fc-title").click()
    canvas.page.keyboard.press("Delete")
    assert canvas.intent("remove") == {"nodes": ["set"], "wires": []}
    canvas.card("set").wait_for(state="detached")
    assert canvas.state()["wires"] == 20
    assert canvas.state()["selected"] == []


def test_a_section_folds_and_unfolds(canvas: "Canvas") -> None:
    canvas.page.locator('[data-section="menu"]').click()
    assert canvas.intent("fold") == {"section": "menu"}
    canvas.card("ask").wait_for(state="detached")
    canvas.page.locator('[data-section="menu"][aria-expanded="false"]').click()
    canvas.card("ask").wait_for()


def test_a_double_click_opens(canvas: "Canvas") -> None:
    canvas.card("ask").locator(".fc-title").dblclick()
    assert canvas.intent("open") == {"id": "ask"}


def test_a_double_click_on_the_empty_canvas_asks_for_a_block(canvas: "Canvas") -> None:
    canvas.page.mouse.dblclick(400, 920)
    assert canvas.intent("void")["source"] is None


def test_menus_are_asked_for(canvas: "Canvas") -> None:
    canvas.card("ask").locator(".fc-more").click()
    assert canvas.intent("menu")["id"] == "ask"
    canvas.page.mouse.click(*wire_point(canvas, "hours.open"), button="right")
    canvas.page.wait_for_timeout(100)
    assert canvas.intent("menu")["wire"] == "hours.open"


# Selecting


def test_a_click_selects_and_a_click_beside_clears(canvas: "Canvas") -> None:
    canvas.card("ask").locator(".fc-title").click()
    assert canvas.intent("select")["ids"] == ["ask"]
    canvas.page.mouse.click(400, 920)
    canvas.page.wait_for_timeout(100)
    assert canvas.intent("select")["ids"] == []


def test_a_box_selects_what_it_touches(canvas: "Canvas") -> None:
    left = canvas.card("crm").bounding_box()
    right = canvas.card("set").bounding_box()
    assert left is not None
    assert right is not None
    canvas.page.keyboard.down("Shift")
    canvas.drag((left["x"] - 12, left["y"] - 6), (right["x"] + 40, right["y"] + 40))
    canvas.page.keyboard.up("Shift")
    assert set(canvas.intent("select")["ids"]) == {"crm", "set"}


def test_the_server_selects_without_an_echo(canvas: "Canvas") -> None:
    canvas.page.get_by_role("button", name="focus").click()
    canvas.page.locator(".fc-card.selected").wait_for()
    assert canvas.state()["selected"] == ["hang"]
    assert "select" not in [name for name, _ in canvas.intents()]


# Keys


def test_arrows_follow_wires(canvas: "Canvas") -> None:
    canvas.card("record").locator(".fc-title").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        canvas.page.keyboard.press(key)
    assert canvas.state()["selected"] == ["hours"]
    canvas.page.keyboard.press("ArrowLeft")
    assert canvas.state()["selected"] == ["play"]
    canvas.page.keyboard.press("Alt+ArrowDown")
    assert canvas.intent("moved")["moves"] == [{"id": "play", "x": 652, "y": 60}]


def test_digits_follow_outcomes_and_enter_opens(canvas: "Canvas") -> None:
    canvas.card("ask").locator(".fc-title").click()
    canvas.page.keyboard.press("3")
    assert canvas.state()["selected"] == ["bot"]
    canvas.page.keyboard.press("Enter")
    assert canvas.intent("open") == {"id": "bot"}


def test_tab_walks_the_blocks_in_the_order_of_the_text(canvas: "Canvas") -> None:
    canvas.root.focus()
    seen = []
    for _ in range(6):
        canvas.page.keyboard.press("Tab")
        seen += canvas.state()["selected"]
    assert seen == ["record", "voice", "play", "hours", "crm", "set"]
    assert canvas.page.evaluate("() => document.activeElement.dataset.id") == "set"
    canvas.page.keyboard.press("Shift+Tab")
    assert canvas.state()["selected"] == ["crm"]


def test_escape_lets_tab_leave(canvas: "Canvas") -> None:
    canvas.card("record").locator(".fc-title").click()
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("Tab")
    assert canvas.state()["selected"] == []


# The view


def test_zoom_goes_through_cards_tiles_and_sections(canvas: "Canvas") -> None:
    for zoom, level in ((0.3, "tiles"), (0.1, "sections"), (0.2, "tiles"), (0.9, "cards")):
        canvas.call("zoomTo", zoom)
        canvas.page.wait_for_function(
            "level => document.querySelector('.fc').classList.contains(level)", arg=level
        )
    canvas.card("ask").wait_for()


def test_the_wheel_zooms_and_dragging_pans(canvas: "Canvas") -> None:
    zoom = canvas.state()["zoom"]
    canvas.page.mouse.move(800, 500)
    canvas.page.mouse.wheel(0, -200)
    canvas.page.wait_for_timeout(150)
    assert canvas.state()["zoom"] > zoom
    canvas.page.get_by_role("button", name="Fit to window").click()
    canvas.page.wait_for_timeout(350)
    assert canvas.state()["zoom"] == pytest.approx(zoom, abs=0.01)
    x, y = canvas.middle(canvas.card("set"))
    canvas.drag((400, 920), (460, 890))
    assert canvas.middle(canvas.card("set")) == pytest.approx((x + 60, y - 30), abs=4)


def test_tiles_can_be_selected_and_moved(open_canvas: Callable[..., "Canvas"]) -> None:
    canvas = open_canvas("?n=300")
    canvas.call("fit")
    canvas.page.locator(".fc.tiles").wait_for()
    canvas.page.wait_for_timeout(350)
    assert canvas.state()["mounted"] == 0
    x, y = wire_point(canvas, "b0.next")
    points = canvas.wire("b0.next")["points"]
    zoom = canvas.state()["zoom"]
    x -= (points[1]["x"] - points[0]["x"]) / 2 * zoom + 100 * zoom
    canvas.page.mouse.click(x, y)
    assert canvas.intent("select")["ids"] == ["b0"]
    canvas.drag((x, y), (x + 30, y))
    assert [move["id"] for move in canvas.intent("moved")["moves"]] == ["b0"]


@pytest.mark.parametrize("count", [300, 1000])
def test_large_flows_open_and_stay_quick(open_canvas: Callable[..., "Canvas"], count: int) -> None:
    canvas = open_canvas(f"?n={count}")
    assert canvas.state()["nodes"] == count
    frames = canvas.page.evaluate(
        """async () => {
             const pane = document.querySelector('.vue-flow__viewport');
             const frame = () => new Promise(requestAnimationFrame);
             const times = [];
             for (let i = 0; i < 30; i += 1) {
               const start = performance.now();
               pane.dispatchEvent(new WheelEvent('wheel', {
                 deltaY: i < 26 ? -60 : 60, clientX: 800, clientY: 500, bubbles: true,
                 cancelable: true,
               }));
               await frame();
               times.push(performance.now() - start);
             }
             return times.sort((a, b) => a - b);
           }"""
    )
    # A guard against stalls, not a measurement: other tests share the machine.
    assert frames[len(frames) // 2] < 300
    assert canvas.state()["level"] == "cards"
    assert 0 < canvas.state()["mounted"] < 150
