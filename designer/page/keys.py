"""The keyboard of the page. The canvas and the text have keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from designer.html import button, tag, text

SHORTCUTS: tuple[tuple[str, str], ...] = (
    ("find_block", "/"),
    ("search", "Ctrl K"),
    ("try_it", "Ctrl Enter"),
    ("next_problem", "F8"),
    ("undo", "Ctrl Z"),
    ("redo", "Ctrl Shift Z"),
    ("copy", "Ctrl C"),
    ("keys_cut", "Ctrl X"),
    ("keys_paste", "Ctrl V"),
    ("duplicate", "Ctrl D"),
    ("keys_choose_more", "Shift Click"),
    ("keys_choose_all", "Ctrl A"),
    ("rename", "F2"),
    ("delete", "Del"),
    ("keys_settings", "Enter"),
    ("keys_back", "Esc"),
    ("keys_walk", "Tab"),
    ("keys_along", "← ↑ → ↓"),
    ("keys_follow", "1 … 9"),
    ("keys_nudge", "Alt ←"),
    ("keys_row", "Alt ↑ ↓"),
    ("keys_fold", "Ctrl ."),
    ("canvas_fit", "Shift 1"),
    ("canvas_zoom_reset", "Ctrl 0"),
    ("keyboard", "?"),
)
"""Words and keys, as the list of shortcuts shows them."""

# What only moves the focus is done at once, without asking the server. A field that was drawn
# afresh after an edit gets the focus back that its forerunner had.
SCRIPT = """
(() => {
  const into = (selector) => {
    const found = document.querySelector(selector);
    found?.focus();
    found?.select?.();
    return Boolean(found);
  };
  const isTyping = (element) =>
    Boolean(element?.closest?.('input, textarea, select, [contenteditable="true"]'));
  const SETTINGS = '.fl-inspector :is(textarea, input, select, [role=switch])';
  const AHEAD_MS = 5000;
  let last = null;
  // What is typed after Ctrl+K, until the field is there that it is meant for.
  let ahead = null;
  const giveAhead = (field) => {
    if (ahead) {
      field.value = ahead;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.setSelectionRange(ahead.length, ahead.length);
    }
    ahead = null;
  };
  window.flowlangFocus = (selector, tries = 120) => requestAnimationFrame(() => {
    if (into(selector)) giveAhead(document.activeElement);
    else if (tries) window.flowlangFocus(selector, tries - 1);
  });
  window.flowlangSettings = () => requestAnimationFrame(() => into(SETTINGS));
  window.flowlangRefocus = () => requestAnimationFrame(() => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (lost && last) document.querySelector(`[data-key="${CSS.escape(last)}"]`)?.focus();
  });
  document.addEventListener('focusin', (event) => {
    last = event.target.closest?.('[data-key]')?.dataset.key ?? null;
  });
  const named = (event) => {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === 'enter') return 'try';
    if (control && key === 'k') return 'search';
    if (event.key === 'F8') return 'problem';
    if (isTyping(event.target)) return '';
    if (control && key === 'z') return event.shiftKey ? 'redo' : 'undo';
    if (control && key === 'y') return 'redo';
    if (control || event.altKey) return '';
    if (event.key === '/') return into('[data-role=find-block]') && 'done';
    if (event.key === 'F2') return into('[data-key=step-name]') && 'done';
    return event.key === '?' ? 'keys' : '';
  };
  // Before anybody else, so that a key that closes what lies over the page does only that.
  document.addEventListener('keydown', (event) => {
    if (ahead !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      ahead += event.key;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Escape') {
      ahead = null;
      if (document.querySelector('.fl-scrim, .fl-menu-scrim')) {
        event.stopPropagation();
        emitEvent('flowlang-key', 'escape');
      } else if (event.target.closest?.('.fl-palette, .fl-inspector'))
        document.querySelector('.fc')?.focus();
      else if (document.querySelector('.fl-lens') && !isTyping(event.target))
        emitEvent('flowlang-key', 'escape');
      return;
    }
    const name = named(event);
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    if (name === 'search') {
      ahead = '';
      setTimeout(() => { ahead = null; }, AHEAD_MS);
    }
    if (name !== 'done') emitEvent('flowlang-key', name);
  }, true);
})();
"""


def listen(act: Mapping[str, Callable[[], object]]) -> None:
    """Do what a key stands for, wherever the focus is, except where people type."""
    ui.add_body_html(f"<script>{SCRIPT}</script>")
    ui.on("flowlang-key", lambda event: act[str(event.args)]() if event.args in act else None)


def draw_shortcuts(words: Mapping[str, str], close: Callable[[], object]) -> None:
    """The list of all keys, over the page."""
    scrim = tag("div", "fl-scrim fl-over")
    scrim.on("click.self", lambda _: close())
    with scrim, tag("div", "fl-dialog", role="dialog", aria_modal="true",
                    aria_label=words["keyboard"]):  # fmt: skip
        with tag("header"):
            text(words["keyboard"], "fl-strong fl-grow", tag="h2")
            button("", "fl-icon-btn", symbol="x", title=words["close"], on_click=close,
                   autofocus=True)  # fmt: skip
        with tag("dl", "fl-keys"):
            for word, keys in SHORTCUTS:
                with tag("div"):
                    text(words[word], tag="dt")
                    with tag("dd"):
                        for key in keys.split(" "):
                            text(key, "fl-kbd", tag="kbd")
