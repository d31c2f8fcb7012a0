"""The page of one flow: bar, palette, canvas, inspector or try-out, and the panel below.

The page holds what one person looks at: selection, language, try-out. The flow is the session's.
Every handler turns what a person meant into a named operation; whatever changes comes back
through the session's listener, to this page and to every other that shows the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nicegui import ui
from nicegui.element import Element

from designer.canvas import Document as CanvasDocument
from designer.canvas import FlowCanvas
from designer.html import tag
from designer.live.watching import Watching
from designer.outgoing import Form, Taken, take
from designer.page import folding, offering
from designer.page.assist import Assist
from designer.page.banner import Banner
from designer.page.bar import Bar, BarActions, BarState, title_of
from designer.page.carried import Carried, waiting
from designer.page.company import Company
from designer.page.editing import Editing
from designer.page.files import Bring, Files
from designer.page.flow_form import entrances_of
from designer.page.going import Going
from designer.page.insight import Insight
from designer.page.keys import listen
from designer.page.menu import Choice
from designer.page.overlays import Overlays
from designer.page.palette import Palette
from designer.page.panel import Panel
from designer.page.pointing import Pointing
from designer.page.search import Hit, hits_of_blocks, hits_of_values
from designer.page.several import ChosenActions, menu_of
from designer.page.side import Side
from designer.page.texting import problem_at, section_lines, shown_problems
from designer.page.toasts import Toasts
from designer.page.trying import address_of, keep_as_test, new_tryout, path_of
from designer.page.tryout_panel import TryOutActions, TryOutPanel
from designer.page.values import ValueActions, Values
from designer.presence import Room
from designer.session import Session, Update
from designer.text import FlowText
from designer.trying.tryout import Crumb, TryOut
from designer.versions.published import Published
from designer.versions.shelf import Shelf
from designer.visitor import NOBODY, Visitor
from designer.words import Language, canvas_words, words
from designer.workspace import Listed
from flowlang import edits as do
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import help_, message

LOOK_S = 1.0
"""How often the file is looked at, in case somebody else writes it."""


class FlowPage:
    """Made for one browser tab; `draw` builds it into the current page."""

    def __init__(
        self,
        session: Session,
        listed: Listed,
        language: Language,
        *,
        home: str,
        bring: Bring,
        shelf: Shelf,
        who: str,
        published: Published | None = None,
        watching: Watching | None = None,
        visitor: Visitor = NOBODY,
        room: Room,
    ) -> None:
        self.visitor = visitor
        self.room = room
        self.session = session
        self.bring = bring
        self.shelf = shelf
        self.who = who
        self.published = published
        self.watching = watching
        self.listed = listed
        self.language = language
        self.words = words(language)
        self.home = home
        self.editing = Editing(session, language, refused=self._say_why)
        self.tryout: TryOutPanel | None = None
        self._folded: set[str] = set()
        self._is_typing = False
        self._pointing = Pointing(self.editing, language, self.words)
        self.going = Going(
            session, self.editing, lambda: self.canvas, lambda: self._panel, self._choose
        )

    # --- building -----------------------------------------------------------------------------

    def draw(self) -> None:
        self._app = tag("div", "fl-app")
        with self._app:
            self._bar = Bar(
                self.listed, self.visitor, self.language, self.words, self._bar_actions()
            )
            self._palette = Palette(
                self._pointing.offers,
                self.language,
                self.words,
                add=self.editing.add,
                widen=self._widen_palette,
            )
            with tag("div", "fl-middle") as self._middle:
                with tag("section", "fl-canvas", aria_label=self.words["canvas"]) as self._stage:
                    self.canvas = FlowCanvas(
                        self._document, on_intent=self._on_intent, words=canvas_words(self.language)
                    )
                    self._toasts = Toasts(self.words)
                    self._banner = Banner(tag("div"), self.words, self._file_actions())
                    self._insight = Insight(
                        tag("div"), self.session, self.language, self.words,
                        lambda: self.canvas, go_to=self.going.to_block, tell=self._toasts.tell,
                        shelf=self.shelf, who=self.who, published=self.published,
                        watching=self.watching, selected=lambda: self.editing.selected,
                        address=f"{self.home}/{self.listed.address}",
                    )  # fmt: skip
                self._panel = self._make_panel()
            box = tag("aside", "fl-inspector", aria_label=self.words["settings"])
            self._pointing.draw(tag("div"))
            self._overlays = Overlays(
                tag("div"),
                self.editing,
                self.words,
                hits=self._hits,
                extracted=self._announce_module,
            )
            self._files = Files(
                tag("div"), self.language, self.words, home=self.home, bring=self.bring
            )
            self._side = Side(
                box,
                self.editing,
                self.words,
                actions=self._chosen_actions,
                go_to=self.canvas.focus,
                fix=self._fix,
                declare=self._overlays.declare_for,
                entrances=entrances_of(self.session),
            )
        folding.install()
        listen(self._keys())
        offering.install()
        # Not on disconnect: a browser that was away for a moment comes back to the same page.
        ui.context.client.on_delete(self.session.listen(self._on_update))
        ui.timer(LOOK_S, self._look_at_file)
        self._refresh()
        Company(self.room, self.visitor, self._bar, self.words).meet()

    def _make_panel(self) -> Panel:
        return Panel(
            self.language,
            self.words,
            text_view=self._make_text,
            values=self._make_values,
            dock=lambda right: self._middle.classes(
                add="right" if right else "", remove="" if right else "right"
            ),
            go_to_section=self.going.to_section,
            go_to=self.going.to_problem,
            fix=self._fix,
            show_path=self._show_path,
            more=self._insight.tabs(),
        )

    def _widen_palette(self) -> None:
        self._app.classes(remove="narrow")
        folding.unfold(self._app, "palette")

    def _make_text(self) -> FlowText:
        assist = Assist(self.session, self.language)
        view = FlowText(
            lambda: self.session.text,
            on_edited=self._on_typed,
            complete=assist.complete,
            hover=assist.hover,
            label=self.words["text"],
        )
        view.on("cursor", lambda event: self.going.follow_cursor(int(event.args["line"])))
        view.on("edited", lambda event: self._toasts.if_too_long("too_long_to_keep", event.args))
        view.on("undo", lambda _: self.session.undo())
        view.on("redo", lambda _: self.session.redo())
        view.on("fix", lambda event: self._fix_at(event.args))
        return view

    def _make_values(self, box: Element) -> Values:
        actions = ValueActions(
            declare=self.editing.declare,
            say=lambda name, fields: self.editing.say_of(name, **fields),
            rename=lambda value, name: self.editing.perform(do.RenameValue(value=value, name=name)),
            remove=lambda name: self.editing.perform(do.RemoveDeclaration(name=name)),
            go_to=self.going.to_use,
        )
        return Values(box, lambda: self.session.flow, actions, self.language, self.words)

    def _bar_actions(self) -> BarActions:
        return BarActions(
            undo=self.session.undo,
            redo=self.session.redo,
            try_it=self._toggle_tryout,
            problems=lambda: self._panel.open("problems"),
            speak=self._speak,
            keys=lambda: self._overlays.shortcuts(),
            download=lambda: self._files.offer(self._take),
            settings=self._show_settings,
            publish=(lambda: self._insight.publish()) if self.published else None,
        )

    def _speak(self, language: Language) -> None:
        """The same in another language: the page is drawn anew, and what is looked at stays."""
        tryout = self.tryout.tryout if self.tryout else None
        kept = Carried(chosen=self.editing.chosen, tab=self._panel.tab, tryout=tryout)
        self.canvas.run_method("keepView")
        ui.navigate.to(f"?lang={language}&on={waiting.put(kept)}")

    def go_on(self, ticket: str) -> None:
        """Show what was looked at before the page was drawn anew."""
        if kept := waiting.take(ticket):
            self._panel.open(kept.tab)
            self._choose(kept.chosen)
            if kept.tryout:
                self._open_tryout(kept.tryout)

    def _take(self, form: Form) -> Taken:
        session = self.session
        document = session.flow.document
        return take(document, form, self.listed.path, session.catalogue, self.language)

    def _keys(self) -> dict[str, Any]:
        return {
            "undo": self.session.undo,
            "redo": self.session.redo,
            "try": self._toggle_tryout,
            "problem": self.going.to_next_problem,
            "keys": self._overlays.shortcuts,
            "search": self._search,
            "escape": self._close_overlays,
        }

    def _search(self) -> None:
        self._insight.close()
        self._overlays.search()

    def _close_overlays(self) -> None:
        self._overlays.close()
        self._files.close()
        self._pointing.close()
        self._insight.close()
        if self.tryout is None:
            self._insight.lenses.close()

    # --- what changed -------------------------------------------------------------------------

    def _on_update(self, update: Update) -> None:
        """The flow changed, here or in another tab."""
        with self._app:
            if not self._is_typing:
                self._panel.text.set_text(self.session.text)
            if patch := update.patches.get(self.language):
                self.canvas.patch(patch)
            self.editing.follow(update.ids)
            if update.select and self.editing.is_acting:
                self.editing.choose(update.select)
                self.canvas.select(update.select)
            self._refresh()
            if self.tryout and update.origin != "check":
                self.tryout.tryout.flow_changed()
                self.tryout.refresh()
            self._light()

    def _file_actions(self) -> dict[str, Any]:
        return {
            "reload": self.session.reload,
            "keep_both": self.session.keep_both,
            "save_again": self._save_again,
        }

    def _save_again(self) -> None:
        self.session.save()
        self._refresh()

    def _look_at_file(self) -> None:
        """Another tab of this session may have noticed, or settled it, before this one."""
        if self.session.look() != self._bar.file:
            self._refresh()

    def _refresh(self) -> None:
        """Everything around the canvas."""
        problems = self.session.problems
        self.editing.follow({})
        self._bar.show(
            BarState(
                title=title_of(self.session, self.listed),
                file=self.session.file,
                errors=sum(problem.severity == "error" for problem in problems),
                warnings=sum(problem.severity == "warning" for problem in problems),
                can_undo=self.session.can_undo,
                can_redo=self.session.can_redo,
                is_trying=self.tryout is not None,
            )
        )
        self._banner.show(self.session.file)
        self._palette.refresh_if_new()
        self._panel.show(section_lines(self.session), problems, self.going.section)
        self._panel.show_values()
        self._panel.text.problems(shown_problems(self.session.problems, self.language))
        self.going.mark_lines()
        self._draw_side()

    def _document(self) -> CanvasDocument:
        return self.session.document(self.language)

    def _draw_side(self) -> None:
        if self.tryout is None:
            self._side.show()
        is_chosen = bool(self.editing.chosen)
        self._app.classes(add="chosen" if is_chosen else "", remove="" if is_chosen else "chosen")

    # --- what a person does on the canvas -----------------------------------------------------

    def _on_intent(self, name: str, args: dict[str, Any]) -> None:
        match name:
            case "select":
                self._choose(args["ids"])
            case "open":
                self._choose([args["id"]])
                self._app.client.run_javascript("flowlangSettings()")
            case "fold":
                self._fold(args["section"])
            case "void":
                self._pointing.offer_at(args)
            case "menu":
                self._open_menu(args)
            case "ready":
                self.canvas.select(self.editing.chosen)
                self._light(afresh=True)
            case "large":
                self._toasts.if_too_long("too_long_to_paste", args)
            case "copy":
                self._copy([node["id"] for node in args["nodes"]])
            case _:
                self.editing.intend(name, args)

    def _say_why(self, refused: Problem) -> None:
        """What was asked for is impossible, and everything is shown as it is."""
        more = help_(refused, self.language)
        self._toasts.tell(f"{message(refused, self.language)} {more}".strip())
        self.canvas.reload()
        if self.tryout is None:
            self._side.show_afresh()
        self._panel.values.forget()
        self._panel.values.show()

    def _fold(self, section: str) -> None:
        self._folded ^= {section}
        self.session.fold(section, folded=section in self._folded)

    def _choose(self, blocks: Iterable[str]) -> None:
        if not self.editing.choose(blocks):
            return
        self._panel.show(section_lines(self.session), self.session.problems, self.going.section)
        self.going.mark_lines()
        self._draw_side()
        folding.fold(self._app, "side")
        if self.editing.chosen:
            folding.uncover(self._app)

    def _copy(self, blocks: Iterable[str] | None = None) -> None:
        """Put blocks on the clipboard, as text: here, and into any editor."""
        if blocks is not None:
            self.editing.choose(blocks)
        if self.editing.chosen:
            self.canvas.hold(self.editing.copied())

    def _chosen_actions(self) -> ChosenActions:
        return ChosenActions(
            align=self.editing.align,
            distribute=self.editing.distribute,
            tidy=self.editing.tidy,
            copy=self._copy,
            duplicate=self.editing.duplicate,
            extract=self._overlays.extract,
            delete=self.editing.delete,
            close=self._close_inspector,
            note=self.canvas.write_note,
        )

    def _announce_module(self, name: str) -> None:
        folder, slash, _ = self.listed.address.rpartition("/")
        told = self.words["extracted"].format(name=f"`{name}.flow`")
        self._toasts.tell(told, f"{self.home}/{folder}{slash}{name}.flow")

    def _open_menu(self, args: dict[str, Any]) -> None:
        def choices(block: str) -> list[Choice]:
            found = menu_of(self.editing.selected, self._chosen_actions(), self.words)
            if self.editing.selected and self.tryout is None:
                found += self._insight.choices(block)
            return found

        def choose(blocks: list[str]) -> None:
            self.canvas.select(blocks)
            self._choose(blocks)

        self._pointing.choices(args, choose, choices)

    def _show_settings(self) -> None:
        """Those of the whole flow."""
        if self.tryout:
            self._close_tryout()
        self._close_inspector()
        folding.unfold(self._app, "side")

    def _close_inspector(self) -> None:
        self.canvas.select([])
        self._choose([])

    # --- the text -----------------------------------------------------------------------------

    def _on_typed(self, typed: str) -> None:
        self._is_typing = True
        try:
            self.session.replace_text(typed)
        finally:
            self._is_typing = False

    # --- searching ----------------------------------------------------------------------------

    def _hits(self) -> Iterator[Hit]:
        yield from hits_of_blocks(self.session, self.language, self.going.to_block)
        yield from hits_of_values(self.session, self.language, self.going.to_value)
        for word, symbol, act in self._commands():
            yield Hit(title=self.words[word], about=self.words["command"], symbol=symbol, go=act)

    def _commands(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            ("undo", "undo", self.session.undo),
            ("redo", "redo", self.session.redo),
            ("try_it", "run", self._toggle_tryout),
            ("tidy_all", "tidy", self._tidy_all),
            ("canvas_fit", "fit", self.canvas.fit),
            ("values", "set", lambda: self._panel.open("values")),
            ("problems", "warn", lambda: self._panel.open("problems")),
            ("text", "text", lambda: self._panel.open("text")),
            ("tests", "test", lambda: self._panel.open("tests")),
            ("versions", "book", lambda: self._panel.open("versions")),
            ("download", "download", lambda: self._files.offer(self._take)),
            ("bring_in", "send", self._files.pick),
            ("keyboard", "help", self._overlays.shortcuts),
            *self._insight.of_versions(),
            *(self._insight.commands(self.editing.selected) if self.tryout is None else ()),
        ]

    def _tidy_all(self) -> None:
        self._choose([])
        self.editing.tidy()

    # --- problems -----------------------------------------------------------------------------

    def _show_path(self, problem: Problem) -> None:
        if self.tryout:
            self._close_tryout()
        self._insight.show_path(problem)

    def _fix(self, problem: Problem) -> None:
        if problem.fix:
            self.session.apply_edits(problem.fix.edits)

    def _fix_at(self, chosen: dict[str, Any]) -> None:
        if found := problem_at(self.session.problems, chosen):
            self._fix(found)

    # --- trying -------------------------------------------------------------------------------

    def _toggle_tryout(self) -> None:
        if self.tryout:
            self._close_tryout()
            return
        self._open_tryout(new_tryout(self.session, self.listed.path))

    def _open_tryout(self, made: TryOut) -> None:
        self._insight.lenses.close()
        self._app.classes(add="trying narrow")
        self._side.box.clear()
        with self._side.box:
            self.tryout = TryOutPanel(
                made,
                made.played.title(""),
                self.language,
                self.words,
                TryOutActions(
                    changed=self._light,
                    close=self._close_tryout,
                    save=lambda: self._save_as_test(made),
                    run_tests=self._run_tests,
                    open=lambda crumb: self._try_at(made, crumb),
                ),
                made.flow_at(self.listed.path),
            )
        self._light()
        self._refresh()

    async def _run_tests(self) -> None:
        """What they reach is painted on the canvas, so the try-out makes way."""
        self._close_tryout()
        self._panel.open("tests")
        await self._insight.run_tests()

    def _try_at(self, tryout: TryOut, crumb: Crumb) -> None:
        """Go on with the conversation on the page of another flow that it came to."""
        address = address_of(tryout.file_of(crumb.flow), self.listed)
        if address is not None:
            kept = Carried(chosen=(), tab=self._panel.tab, tryout=tryout)
            ui.navigate.to(f"{self.home}/{address}?on={waiting.put(kept)}")

    def _save_as_test(self, tryout: TryOut) -> None:
        name = keep_as_test(tryout)
        self._toasts.tell(self.words["test_saved"].format(name=name))

    def _close_tryout(self) -> None:
        self.tryout = None
        self._app.classes(remove="trying narrow")
        self._side.show_afresh()
        self.canvas.light(None)
        self._refresh()

    def _light(self, *, afresh: bool = False) -> None:
        if self.tryout is None:
            self._insight.lenses.show(afresh=afresh)
        else:
            self.canvas.light(path_of(self.tryout.tryout, self.listed.path, self.language))
