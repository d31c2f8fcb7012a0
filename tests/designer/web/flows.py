"""Flows for the canvas: one drawn with care, others as large as one likes."""

import random
from typing import Any

WIDTH = 220
HEADER_Y = 22
ROW = 24

Doc = dict[str, Any]
KINDS = {
    "record": ("know", "i-record"),
    "set": ("know", "i-set"),
    "voice id": ("secure", "i-voice"),
    "play": ("talk", "i-play"),
    "ask": ("talk", "i-ask"),
    "talk to bot": ("talk", "i-bot"),
    "offer messenger": ("talk", "i-messenger"),
    "check hours": ("decide", "i-clock"),
    "repeat": ("decide", "i-repeat"),
    "crm lookup": ("integrate", "i-crm"),
    "transfer": ("transfer", "i-transfer"),
    "hang up": ("transfer", "i-hangup"),
}


def card(
    id_: str,
    kind: str,
    title: str,
    x: float,
    y: float,
    *,
    section: str = "start",
    lines: list[str] | None = None,
    outcomes: list[tuple[str, str | None]] | None = None,
    goes_on: bool = True,
    fails: bool = False,
    problem: Doc | None = None,
    width: int = WIDTH,
) -> Doc:
    """A card with its ports where a server would compute them."""
    lines = lines or []
    category, icon = KINDS[kind]
    long = sum(2 if len(line) > 24 else 1 for line in lines)
    body = 56 + 18 * min(2, long) + 10
    rows = len(outcomes or [])
    height = body + (9 + ROW * rows if rows else 0)
    ports: list[Doc] = []
    for i, (label, key) in enumerate(outcomes or []):
        y_port = body + 5 + ROW * i + ROW / 2
        ports.append(port(label, label, key, width, y_port, "outcome"))
    if goes_on and not outcomes:
        ports.append(port("next", "next", None, width, HEADER_Y, "next"))
    if fails:
        ports.append(port("error", "error", None, 24, height, "error"))
    return {
        "id": id_, "section": section, "kind": kind, "category": category, "icon": icon,
        "label": kind, "title": title, "lines": lines, "x": x, "y": y, "w": width, "h": height,
        "ports": ports, "problem": problem,
    }  # fmt: skip


def port(id_: str, label: str, key: str | None, x: float, y: float, role: str) -> Doc:
    return {"id": id_, "label": label, "key": key, "x": x, "y": y, "role": role}


def wire(source: str, port_id: str, target: str, *, faint: bool = False) -> Doc:
    label = None if port_id in ("next", "error") else port_id
    return {
        "id": f"{source}.{port_id}", "source": source, "port": port_id, "target": target,
        "label": label, "faint": faint,
    }  # fmt: skip


def support() -> Doc:
    """The bank's main number: twelve blocks in six sections, a seventh folded."""
    warning = {
        "level": "warning",
        "count": 1,
        "text": "When the CRM is slow, callers hear silence",
    }
    menu = "{caller.name} 고객님, 요금 문의는 1번, 기술 지원은 2번, 상담 챗봇은 3번을 눌러 주세요."
    choices = [
        ("요금 문의", "1"), ("기술 지원", "2"), ("상담 챗봇", "3"),
        ("timeout 5 s", None), ("no match", None),
    ]  # fmt: skip
    nodes = [
        card("record", "record", "Record the call", 100, 52, lines=["Analytics: realtime"]),
        card(
            "voice",
            "voice id",
            "Recognise the voice",
            376,
            52,
            lines=["Threshold 90 → `voice.match`"],
            fails=True,
        ),
        card("play", "play", "Greeting", 652, 52, lines=["“안녕하세요, 에이콘 고객센터입니다.”"]),
        card(
            "hours",
            "check hours",
            "Office hours",
            928,
            52,
            lines=["평일 09:00–18:00 · 서울"],
            outcomes=[("open", None), ("closed", None)],
        ),
        card(
            "crm",
            "crm lookup",
            "Customer by number",
            60,
            312,
            section="menu",
            lines=["`crm.customer` by `caller.number`"],
            fails=True,
            problem=warning,
        ),
        card(
            "set",
            "set",
            "Customer tier",
            336,
            312,
            section="menu",
            lines=["`tier` = `customer.tier`"],
        ),
        card(
            "ask",
            "ask",
            "Main menu",
            612,
            312,
            section="menu",
            lines=[menu],
            outcomes=choices,
            width=248,
        ),
        card(
            "billing",
            "transfer",
            "Billing",
            980,
            312,
            section="billing",
            lines=["Queue 요금 문의 · up to 2 min"],
            outcomes=[("full", None)],
        ),
        card(
            "tech",
            "transfer",
            "Technical",
            980,
            500,
            section="support",
            lines=["Queue 기술 지원"],
            outcomes=[("full", None)],
        ),
        card(
            "bot",
            "talk to bot",
            "Assistant",
            980,
            592,
            section="chatbot",
            lines=["상담 챗봇 · can look up bills"],
            outcomes=[("wants a person", None), ("resolved", None)],
        ),
        card(
            "repeat",
            "repeat",
            "Up to 2 times",
            60,
            680,
            section="retry",
            outcomes=[("again", None), ("used up", None)],
        ),
        card(
            "offer",
            "offer messenger",
            "Continue in chat",
            396,
            680,
            section="deflect",
            lines=["“메신저로 이어 가시겠어요?”"],
            outcomes=[("accepted", None), ("declined", None)],
        ),
        card(
            "hang",
            "hang up",
            "Goodbye",
            672,
            680,
            section="deflect",
            lines=["“이용해 주셔서 감사합니다.”"],
            goes_on=False,
        ),
    ]
    wires = [
        wire("record", "next", "voice"), wire("voice", "next", "play"),
        wire("play", "next", "hours"), wire("hours", "open", "crm"),
        wire("hours", "closed", "hang"), wire("crm", "next", "set"), wire("set", "next", "ask"),
        wire("ask", "요금 문의", "billing"), wire("ask", "기술 지원", "tech"),
        wire("ask", "상담 챗봇", "bot"), wire("ask", "timeout 5 s", "repeat"),
        wire("ask", "no match", "repeat"), wire("billing", "full", "offer"),
        wire("tech", "full", "offer"), wire("bot", "wants a person", "billing"),
        wire("bot", "resolved", "hang"), wire("repeat", "again", "ask"),
        wire("repeat", "used up", "offer"), wire("offer", "accepted", "hang"),
        wire("offer", "declined", "hang"),
        wire("voice", "error", "hang", faint=True), wire("crm", "error", "hang", faint=True),
    ]  # fmt: skip
    return document(nodes, wires, entry="record", folded={"support"})


def document(nodes: list[Doc], wires: list[Doc], *, entry: str, folded: set[str]) -> Doc:
    counts: dict[str, int] = {}
    for node in nodes:
        counts[node["section"]] = counts.get(node["section"], 0) + 1
    sections = [
        {"id": name, "label": name, "count": count, "folded": name in folded}
        for name, count in counts.items()
    ]
    return {"nodes": nodes, "wires": wires, "sections": sections, "entry": entry}


def generated(count: int, seed: int = 7) -> Doc:
    """Sections of about twelve blocks in a grid, wired mostly onwards, sometimes far away."""
    chance = random.Random(seed)
    kinds = [kind for kind in KINDS if kind != "hang up"]
    sizes: list[int] = []
    while sum(sizes) < count:
        sizes.append(min(chance.randint(7, 16), count - sum(sizes)))
    columns = max(1, round((len(sizes) * 0.7) ** 0.5))
    nodes: list[Doc] = []
    firsts: list[str] = []
    tops = [0.0] * columns
    for n, size in enumerate(sizes):
        column = n % columns
        left, top = column * 1400.0, tops[column]
        firsts.append(f"b{len(nodes)}")
        x, y, tallest = left, top, 0.0
        for i in range(size):
            if i and i % 4 == 0:
                x, y, tallest = left, y + tallest + 56, 0.0
            kind = chance.choice(kinds)
            many = chance.randint(2, 4)
            outcomes = [(f"way {k}", str(k)) for k in range(1, many)] if i % 3 == 2 else None
            made = card(
                f"b{len(nodes)}", kind, f"{kind.capitalize()} {len(nodes)}", x, y,
                section=f"section_{n}", lines=["“안녕하세요, 무엇을 도와드릴까요?”"],
                outcomes=outcomes, fails=kind == "crm lookup",
            )  # fmt: skip
            nodes.append(made)
            x, tallest = x + 276, max(tallest, made["h"])
        tops[column] = y + tallest + 160
    wires = [
        link
        for i, node in enumerate(nodes)
        for link in links(i, node, nodes, firsts, chance)
    ]  # fmt: skip
    return document(nodes, wires, entry="b0", folded=set())


def links(
    i: int, node: Doc, nodes: list[Doc], firsts: list[str], chance: random.Random
) -> list[Doc]:
    made = []
    section = int(node["section"].removeprefix("section_"))
    following = nodes[i + 1] if i + 1 < len(nodes) else None
    for k, out in enumerate(node["ports"]):
        if out["role"] == "error":
            made.append(wire(node["id"], out["id"], firsts[section], faint=True))
        elif k == 0 and following and following["section"] == node["section"]:
            made.append(wire(node["id"], out["id"], following["id"]))
        else:
            step = chance.choice([1, 1, 2, 3, -1])
            near = firsts[max(0, min(len(firsts) - 1, section + step))]
            made.append(wire(node["id"], out["id"], near))
    return made
