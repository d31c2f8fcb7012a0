"""Files that come in by a drop or a choice, and files that are taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui
from nicegui.element import Element

from designer.html import button, icon, prose, tag, text
from designer.incoming import Brought
from designer.outgoing import ENDINGS, Form, Taken
from designer.words import Language
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import help_, message
from flowlang.limits import JSON_BYTES_MAX

FILE_HEADER = "x-flow-file"
"""No form of another site can send it, so it also proves where a file comes from."""
PROBLEMS_MAX = 200
"""A list that is longer says how much more there is."""
SYMBOLS: Mapping[Form, str] = {
    "flow": "text", "connect": "send", "json": "copy", "svg": "fit", "mermaid": "branch",
}  # fmt: skip

# The file itself goes over HTTP, its ticket over the socket: a socket's message is small.
SCRIPT = """
(() => {
  const home = %(home)s, limit = %(limit)d;
  const hasFiles = (event) => event.dataTransfer?.types?.includes('Files');
  const root = document.documentElement;
  const send = async (file) => {
    if (!file) return;
    if (file.size > limit) return emitEvent('flowlang-file', {large: file.name});
    const headers = {'%(header)s': encodeURIComponent(file.name)};
    const answer = await fetch(home, {method: 'POST', headers, body: file}).catch(() => null);
    if (answer?.ok) emitEvent('flowlang-file', {ticket: await answer.text()});
  };
  window.flowlangPickFile = () => {
    const input = Object.assign(document.createElement('input'), {type: 'file'});
    input.accept = '.json,.flow,application/json,text/plain';
    input.addEventListener('change', () => send(input.files[0]));
    input.click();
  };
  let leaving = 0;
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = 'copy';
    root.classList.add('fl-dropping');
    clearTimeout(leaving);
    leaving = setTimeout(() => root.classList.remove('fl-dropping'), 300);
  }, true);
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    root.classList.remove('fl-dropping');
    send(event.dataTransfer.files[0]);
  }, true);
})();
"""

Bring = Callable[[str], Awaitable[tuple[Brought, str]]]
"""What came of the file behind a ticket, and the address of the flow that it became."""


class Files:
    """What a page does with files. Its dialogs lie over the page."""

    def __init__(
        self,
        layer: Element,
        language: Language,
        words: Mapping[str, str],
        *,
        home: str,
        bring: Bring,
    ) -> None:
        self._layer = layer
        self._language = language
        self._words = words
        self._home = home
        self._bring = bring
        with tag("div", "fl-drop-here", aria_hidden="true"):
            text(words["drop_here"])
        script = SCRIPT % {"home": f"'{home}'", "limit": JSON_BYTES_MAX, "header": FILE_HEADER}
        ui.add_body_html(f"<script>{script}</script>")
        ui.on("flowlang-file", lambda event: self._take(dict(event.args)))

    def close(self) -> None:
        self._layer.clear()

    def pick(self) -> None:
        self._layer.client.run_javascript("flowlangPickFile()")

    async def _take(self, sent: Mapping[str, str]) -> None:
        if file := sent.get("large"):
            limit = {"path": file, "limit": JSON_BYTES_MAX}
            problem = Problem(code="FL412", severity="error", arguments=limit)
            self._report(Brought(file=file, problems=(problem,)), "")
            return
        with self._dialog("bringing_in", "wait"), tag("div", "fl-dialog-in", role="status"):
            text(self._words["is_read"])
        self._report(*await self._bring(sent["ticket"]))

    # --- what came of it ----------------------------------------------------------------------

    def _report(self, brought: Brought, address: str) -> None:
        words = self._words
        with self._dialog("brought_in" if brought.text else "not_brought_in", "brought"):
            with tag("div", "fl-dialog-in"):
                text(brought.file, "fl-mono fl-dim fl-cut", tag="div")
                if brought.report:
                    self._draw_report(brought)
                elif brought.text:
                    text(words["brought_as_it_is"], tag="p")
                if brought.dead:
                    prose(words["brought_dead"].format(
                        names=", ".join(f"`{name}`" for name in brought.dead[:PROBLEMS_MAX])),
                        "fl-soft", tag="p")  # fmt: skip
                self._draw_problems(brought.problems)
            with tag("footer"):
                tag("span", "fl-grow")
                if address:
                    with tag("a", "fl-btn primary", href=f"{self._home}/{address}",
                             data_role="open-brought"):  # fmt: skip
                        text(words["open"])

    def _draw_report(self, brought: Brought) -> None:
        assert brought.report is not None
        words, report = self._words, brought.report
        carried = report.carried or {}
        rows = (
            ("kept", report.typed, "check"),
            ("approximated", brought.approximated, "warn"),
            ("carried_whole", sum(carried.values()), "lock"),
            ("dead_steps", len(brought.dead), "x"),
        )
        with tag("dl", "fl-counts"):
            for word, count, symbol in rows:
                with tag("div", data_count=word):
                    with tag("dt"):
                        icon(symbol)
                        text(words[word])
                    text(str(count), tag="dd")
        if carried:
            told = ", ".join(f"`{kind}` {count}" for kind, count in sorted(carried.items()))
            prose(words["carried_kinds"].format(kinds=told), "fl-soft", tag="p")
        text(words["import_exact" if report.exact else "import_inexact"], tag="p")

    def _draw_problems(self, problems: Sequence[Problem]) -> None:
        if not problems:
            return
        with tag("div", "fl-list", role="list", tabindex="0", aria_label=self._words["problems"]):
            for problem in problems[:PROBLEMS_MAX]:
                level = "bad" if problem.severity == "error" else ""
                with tag("div", f"fl-problem {level}", role="listitem"):
                    icon("warn", "")
                    with tag("div", "fl-grow"):
                        prose(message(problem, self._language), tag="div")
                        if helping := help_(problem, self._language):
                            prose(helping, "fl-dim", tag="div")
                    text(problem.code, "fl-dim fl-mono")
            if more := problems[PROBLEMS_MAX:]:
                text(self._words["and_more"].format(n=len(more)), "fl-dim", role="listitem")

    # --- taking away --------------------------------------------------------------------------

    def offer(self, take: Callable[[Form], Taken]) -> None:
        """Ask in which form the flow is to be taken away."""
        words = self._words

        def download(form: Form) -> None:
            taken = take(form)
            self._layer.clear()
            if taken.text is not None:
                self._layer.client.download(taken.text.encode(), taken.file)
            if taken.problems:
                self._draw_taken(taken)

        with self._dialog("download", "forms"), tag("div", "fl-dialog-in fl-forms"):
            for form, ending in ENDINGS.items():
                made = tag("button", "fl-menu-item", type="button", data_form=form)
                with made:
                    icon(SYMBOLS[form])
                    text(words[f"form_{form}"], "fl-grow")
                    text(ending, "fl-dim fl-mono")
                made.on("click", lambda _, form=form: download(form))

    def _draw_taken(self, taken: Taken) -> None:
        word = "not_taken" if taken.text is None else "taken_with_losses"
        with self._dialog(word, "taken"), tag("div", "fl-dialog-in"):
            self._draw_problems(taken.problems)

    # --- the dialog ---------------------------------------------------------------------------

    def _dialog(self, title: str, role: str) -> Element:
        """A new one, in the place of whatever is open."""
        words = self._words
        self._layer.clear()
        with self._layer:
            scrim = tag("div", "fl-scrim fl-over")
            scrim.on("click.self", lambda _: self._layer.clear())
            with scrim:
                box = tag("div", "fl-dialog narrow", role="dialog", aria_modal="true",
                          aria_label=words[title], data_role=f"dialog-{role}")  # fmt: skip
        with box, tag("header"):
            text(words[title], "fl-strong fl-grow", tag="h2")
            button("", "fl-icon-btn", symbol="x", title=words["close"],
                   on_click=self._layer.clear, autofocus=True)  # fmt: skip
        return box
