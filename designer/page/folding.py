"""What of the page is folded away. A small window begins with the flow, and little else; what a
person opens or folds stays so in this browser."""

from __future__ import annotations

from nicegui import ui
from nicegui.element import Element

from designer.scripts import call

# On the root, as nothing else draws that anew, and before the first paint, so that nothing jumps.
SCRIPT = """
(() => {
  const root = document.documentElement;
  const WIDE = 1400, HIGH = 860;
  const key = (part) => `flowlang-fold-${part}`;
  const begin = (part, room) => {
    root.dataset[part] = localStorage.getItem(key(part)) ?? (room ? 'open' : 'folded');
  };
  begin('palette', innerWidth >= WIDE);
  begin('panel', innerHeight >= HIGH);
  root.dataset.side = 'folded';
  // Where it lies over the canvas, what is chosen must not lie under it.
  let held = false;
  addEventListener('pointerdown', () => { held = true; }, true);
  for (const over of ['pointerup', 'pointercancel'])
    addEventListener(over, () => { held = false; }, true);
  const GAP = 24;
  window.flowlangUncover = () => requestAnimationFrame(() => {
    const side = document.querySelector('.fl-inspector');
    const card = document.querySelector('.vue-flow__node .selected');
    if (!side || !card || getComputedStyle(side).position !== 'absolute') return;
    if (held) return void setTimeout(window.flowlangUncover, 100);
    const under = card.getBoundingClientRect().right - side.getBoundingClientRect().left + GAP;
    const canvas = document.querySelector('.fc');
    if (under > 0 && canvas) getElement(Number(canvas.id.slice(1)))?.panBy(-under, 0);
  });
  window.flowlangFold = (part, state) => {
    const next = state ?? (root.dataset[part] === 'open' ? 'folded' : 'open');
    root.dataset[part] = next;
    if (part !== 'side' && !state) localStorage.setItem(key(part), next);
  };
})();
"""


def install() -> None:
    ui.add_head_html(f"<script>{SCRIPT}</script>")


def unfold(element: Element, part: str) -> None:
    """`palette`, `panel`, or `side`: the column at the right, where it lies over the canvas."""
    call(element, "flowlangFold", part, "open")


def fold(element: Element, part: str) -> None:
    call(element, "flowlangFold", part, "folded")


def uncover(element: Element) -> None:
    element.client.run_javascript("flowlangUncover()")


def toggles(element: Element, part: str) -> None:
    """What is clicked folds a part or opens it, at once."""
    element.on("click", js_handler=f"() => flowlangFold('{part}')")
