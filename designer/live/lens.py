"""Counts of live contacts on blocks and wires, and how much each is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer import canvas
from designer.live.watching import Watched, Watching
from designer.page.lens import Legend, View
from flowlang.wiring import Wiring
from runtime.flow_counts import Range

HEATS = (0.05, 0.2, 0.5)
"""Shares of the most used block, from which on a block is hotter."""
WIDTHS = (0.1, 0.4)


@dataclass(slots=True)
class LiveLens:
    watching: Watching
    words: Mapping[str, str]
    range: Range = "15m"
    symbol: str = "ear"
    is_open: bool = True
    _seen: tuple[object, ...] = ()
    _view: View | None = None

    def view(self) -> View | None:
        """Worked out anew only if something happened, or time went on."""
        now = self.watching.now
        wiring = self.watching.session.wiring
        seen = (self.watching.changes, self.range, int(now.timestamp()) // 60, id(wiring))
        if seen != self._seen or self._view is None:
            self._seen = seen
            self._view = self._looked(self.watching.watched(self.range), wiring)
        return self._view

    def close(self) -> None:
        self.is_open = False

    def _looked(self, found: Watched, wiring: Wiring) -> View:
        words = self.words
        legend: Legend = (
            ("live", words["live_here"].format(n=found.under_way)),
            ("reached", words["live_started"].format(n=found.started)),
            ("failed", words["live_left"].format(n=found.gave_up)),
        )
        if found.elsewhere:
            legend = (*legend, ("missed", words["live_elsewhere"].format(n=found.elsewhere)))
        title = f"{words['lens_live']} · {words[f'range_{self.range}']}"
        return View(title=title, marks=live_marks(found, wiring, words), legend=legend)


def live_marks(found: Watched, wiring: Wiring, words: Mapping[str, str]) -> canvas.Marks:
    used = _used(found)
    most = max(used.values(), default=0)
    blocks: dict[str, canvas.Mark] = {}
    wires: dict[str, canvas.Mark] = {}
    for name, step in wiring.steps.items():
        if name not in used:
            continue
        mark: canvas.Mark = {"look": "live", "level": 1 + _rank(used[name], most, HEATS)}
        if here := found.here.get(name, 0):
            mark["text"] = words["live_count"].format(n=here)
            mark["count"] = str(here)
        passed = words["live_passed"].format(n=used[name])
        left = found.left.get(name, 0)
        gave_up = f" · {words['live_left'].format(n=left)}" if left else ""
        mark["pill"] = f"{passed}{gave_up}"
        blocks[name] = mark
        for wire in step.wires:
            if count := found.taken.get((name, wire.port), 0):
                level = _rank(count, most, WIDTHS)
                wires[wire.id] = {"look": "live", "text": str(count), "level": level}
    return {"blocks": blocks, "wires": wires, "quiet": True}


def _used(found: Watched) -> dict[str, int]:
    """How many came to each block: who went on, and who is still there or gave up."""
    used: dict[str, int] = {}
    for (step, _), count in found.taken.items():
        used[step] = used.get(step, 0) + count
    for counts in (found.here, found.left):
        for step, count in counts.items():
            used[step] = used.get(step, 0) + count
    return used


def _rank(count: int, most: int, shares: tuple[float, ...]) -> int:
    return sum(count >= share * most for share in shares)
