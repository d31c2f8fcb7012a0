"""The server: what an editor asks, answered by `flowlang.features`.

Whatever an editor sends, the server goes on: what it cannot answer is logged and answered with
nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial, wraps
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method

from flowlang import features
from flowlang.catalogue import Catalogue
from flowlang.checks import check
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language, message
from flowlang.features.texts import position_of
from flowlang.lsp import answers
from flowlang.lsp.documents import Document, Documents, path_of
from flowlang.lsp.positions import Encoding, changed
from flowlang.places import Position
from flowlang.syntax import Tree

log = logging.getLogger(__name__)
CHECK_AFTER_S = 0.15
"""So long after the last key a text is checked."""
SYMBOLS_MAX = 1_000
"""Parts of all files that are told at once; an editor asks again with more letters."""
REQUEST_FAILED = -32803
TRIGGERS = [".", "{", ":", ">", '"', " "]

TestReader = Callable[[Tree, Path], Iterable[Problem]]
"""Finds what is wrong with the lines of tests, which this package cannot read."""
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Protocol(LanguageServerProtocol):
    """Keeps no texts of its own, since those of `Documents` count lines as the protocol does, and
    answers requests that it cannot read."""

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    @property
    def is_shut_down(self) -> bool:
        """Whether the editor said good-bye, as it should."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if isinstance(data.get("id"), int | str) and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


def harmless(empty: object) -> Callable[[Handler], Handler]:
    """A handler that fails is logged and answers with nothing."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def call(*arguments: Any) -> Any:
            try:
                return handler(*arguments)
            except JsonRpcException:
                raise
            except Exception:
                log.exception("%s failed", handler.__name__)
                return empty

        return call  # type: ignore[return-value]

    return decorate


class Server(LanguageServer):
    protocol: Protocol

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        version: str,
        language: Language = "en",
        read_tests: TestReader | None = None,
    ) -> None:
        super().__init__(
            "flowlang", version, protocol_cls=Protocol, converter_factory=default_converter
        )
        self.documents = Documents(catalogue)
        self.language = language
        self._read_tests = read_tests
        self._due: dict[str, asyncio.TimerHandle] = {}
        self._register()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What goes wrong is logged; nobody who types wants a window about it."""
        log.error("%s: %s", getattr(source, "__name__", source), error)

    def _register(self) -> None:
        """Every question with its answer."""
        colours = lsp.SemanticTokensRegistrationOptions(legend=answers.LEGEND, full=True)
        fixes = [lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]
        handlers: list[tuple[str, Callable[..., Any], Any]] = [
            (lsp.INITIALIZE, self.initialize, None),
            (lsp.INITIALIZED, self.initialized, None),
            (lsp.TEXT_DOCUMENT_DID_OPEN, self.did_open, None),
            (lsp.TEXT_DOCUMENT_DID_CHANGE, self.did_change, None),
            (lsp.TEXT_DOCUMENT_DID_SAVE, self.files_changed, None),
            (lsp.TEXT_DOCUMENT_DID_CLOSE, self.did_close, None),
            (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, self.files_changed, None),
            (lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self.folders_changed, None),
            (
                lsp.TEXT_DOCUMENT_COMPLETION,
                self.completion,
                lsp.CompletionOptions(trigger_characters=TRIGGERS),
            ),
            (
                lsp.TEXT_DOCUMENT_SIGNATURE_HELP,
                self.signature,
                lsp.SignatureHelpOptions(trigger_characters=[" ", ",", ":"]),
            ),
            (lsp.TEXT_DOCUMENT_HOVER, self.hover, None),
            (lsp.TEXT_DOCUMENT_DEFINITION, self.definition, None),
            (lsp.TEXT_DOCUMENT_REFERENCES, self.references, None),
            (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, self.highlights, None),
            (lsp.TEXT_DOCUMENT_PREPARE_RENAME, self.prepare_rename, None),
            (lsp.TEXT_DOCUMENT_RENAME, self.rename, lsp.RenameOptions(prepare_provider=True)),
            (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, self.symbols, None),
            (lsp.WORKSPACE_SYMBOL, self.symbols_anywhere, None),
            (lsp.TEXT_DOCUMENT_FOLDING_RANGE, self.folds, None),
            (lsp.TEXT_DOCUMENT_FORMATTING, self.formatting, None),
            (
                lsp.TEXT_DOCUMENT_CODE_ACTION,
                self.code_actions,
                lsp.CodeActionOptions(code_action_kinds=fixes),
            ),
            (lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, self.colours, colours),
        ]
        for name, handler, options in handlers:
            # A partial, because attributes are written onto it, and a method takes none.
            self.feature(name, options)(partial(handler))

    # --- coming and going ---------------------------------------------------------------------

    @harmless(None)
    def initialize(self, params: lsp.InitializeParams) -> None:
        encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        self.documents.encoding = _encoding(str(getattr(encoding, "value", encoding)))
        self.language = _language(params, self.language)
        for folder in params.workspace_folders or ():
            self._add_folder(folder.uri)
        if not self.documents.folders and params.root_uri:
            self._add_folder(params.root_uri)

    @harmless(None)
    def initialized(self, params: lsp.InitializedParams) -> None:
        workspace = self.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watcher = lsp.FileSystemWatcher(glob_pattern="**/{*.flow,flowlang.toml}")
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=[watcher])
            method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            self.client_register_capability(
                lsp.RegistrationParams([lsp.Registration("flows", method, options)])
            )

    def _add_folder(self, uri: str) -> None:
        folder = path_of(uri)
        if folder is not None:
            self.documents.folders.append(folder)

    @harmless(None)
    def folders_changed(self, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        gone = {path_of(folder.uri) for folder in params.event.removed}
        kept = [folder for folder in self.documents.folders if folder not in gone]
        self.documents.folders[:] = kept
        for folder in params.event.added:
            self._add_folder(folder.uri)
        self.documents.look_again()

    @harmless(None)
    def did_open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        given = params.text_document
        self.documents.look_again()
        self._check(self.documents.put(given.uri, given.text, given.version))

    @harmless(None)
    def did_change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        known = self.documents.open.get(uri)
        text = known.text if known else ""
        for change in params.content_changes:
            text = changed(text, change, self.documents.encoding)
        self.documents.put(uri, text, params.text_document.version)
        self._check_later(uri)

    @harmless(None)
    def did_close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        if timer := self._due.pop(uri, None):
            timer.cancel()
        self.documents.close(uri)
        self._publish(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    @harmless(None)
    def files_changed(self, params: object) -> None:
        self.documents.look_again()
        for document in tuple(self.documents.open.values()):
            self._check(document)

    # --- checking -----------------------------------------------------------------------------

    def _check_later(self, uri: str) -> None:
        if timer := self._due.pop(uri, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._due[uri] = loop.call_later(CHECK_AFTER_S, self._check_now, uri)

    @harmless(None)
    def _check_now(self, uri: str) -> None:
        self._due.pop(uri, None)
        changed_one = self.documents.open.get(uri)
        if changed_one is None:
            return
        self._check(changed_one)
        for other in tuple(self.documents.open.values()):
            # What a test or a policy says depends on another file.
            if other is not changed_one and _depend(other, changed_one):
                self._check(other)

    @harmless(None)
    def _check(self, document: Document) -> None:
        document.problems = tuple(self._problems(document))
        found = [
            answers.diagnostic(problem, document, self.language) for problem in document.problems
        ]
        self._publish(
            lsp.PublishDiagnosticsParams(
                uri=document.uri, diagnostics=found, version=document.version
            )
        )

    def _publish(self, params: lsp.PublishDiagnosticsParams) -> None:
        self.text_document_publish_diagnostics(params)

    def _problems(self, document: Document) -> Iterable[Problem]:
        tree = document.flow.tree
        surroundings = self.documents.surroundings(document)
        document.report = check(
            tree, self.documents.catalogue, surroundings=surroundings, previous=document.report
        )
        yield from document.report.problems
        if self._read_tests and document.path and tree.document.tests:
            yield from self._read_tests(tree, document.path)

    # --- questions ----------------------------------------------------------------------------

    def _asked(self, params: Any) -> tuple[Document, Position] | None:
        """The document of a question, and the position in it."""
        document = self.documents.open.get(params.text_document.uri)
        if document is None:
            return None
        offset = document.lines.offset(params.position)
        return document, position_of(document.text, offset)

    @harmless(None)
    def completion(self, params: lsp.CompletionParams) -> lsp.CompletionList | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        project = self.documents.project(document)
        found = features.complete(document.flow, position, self.language, project.around)
        if _was_blank(params) and all(item.kind == "keyword" for item in found):
            # A blank asks by itself; operators are offered to whoever asks for them.
            found = []
        items = list(answers.completion_items(found, document.lines))
        return lsp.CompletionList(is_incomplete=False, items=items)

    @harmless(None)
    def signature(self, params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
        asked = self._asked(params)
        found = features.signature(asked[0].flow, asked[1], self.language) if asked else None
        return answers.signature_help(found) if found else None

    @harmless(None)
    def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        around = self.documents.project(document).around
        found = features.hover(document.flow, position, self.language, around=around)
        if found is None:
            return None
        at = document.lines.range(found.start, found.end)
        return lsp.Hover(contents=answers.markdown(found.markdown), range=at)

    @harmless(None)
    def definition(self, params: lsp.DefinitionParams) -> lsp.Location | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        found = features.definition(document.flow, position, self.documents.project(document))
        return self._location(found, document) if found else None

    @harmless(None)
    def references(self, params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        found = features.references(
            document.flow,
            position,
            self.documents.project(document),
            with_declaration=params.context.include_declaration,
        )
        return [location for item in found if (location := self._location(item, document))]

    def _location(self, found: features.Location, among: Document) -> lsp.Location | None:
        document = self.documents.of(found.flow, among)
        if document is None:
            return None
        return lsp.Location(document.uri, document.lines.range(found.start, found.end))

    @harmless(None)
    def highlights(self, params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight] | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        around = self.documents.project(document).around
        return [
            lsp.DocumentHighlight(document.lines.range(item.start, item.end))
            for item in features.highlights(document.flow, position, around)
        ]

    @harmless(None)
    def prepare_rename(self, params: lsp.PrepareRenameParams) -> Any:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        found = features.renameable(document.flow, position, self.documents.project(document))
        if found is None:
            return None
        at = document.lines.range(found.start, found.end)
        return lsp.PrepareRenamePlaceholder(range=at, placeholder=found.name)

    @harmless(None)
    def rename(self, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        asked = self._asked(params)
        if asked is None:
            return None
        document, position = asked
        project = self.documents.project(document)
        found = features.rename(document.flow, position, params.new_name, project)
        if isinstance(found, Problem):
            raise JsonRpcException(message(found, self.language), REQUEST_FAILED)
        return self._renamed(found, document) if found else None

    def _renamed(self, found: features.Renaming, among: Document) -> lsp.WorkspaceEdit:
        changes = {}
        for flow, edits in found.files:
            if file := self.documents.of(flow, among):
                changes[file.uri] = [file.lines.edit(edit) for edit in edits]
        return lsp.WorkspaceEdit(changes=changes)

    @harmless(None)
    def symbols(self, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        document = self.documents.open.get(params.text_document.uri)
        if document is None:
            return None
        found = features.symbols(document.flow)
        return [answers.document_symbol(item, document.lines) for item in found]

    @harmless([])
    def symbols_anywhere(self, params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        found = (
            answers.workspace_symbol(symbol, holder, document)
            for document in self.documents.everywhere()
            for symbol, holder in features.symbols_named(document.flow, params.query)
        )
        return list(islice(found, SYMBOLS_MAX))

    @harmless(None)
    def folds(self, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        document = self.documents.open.get(params.text_document.uri)
        return [*map(answers.folding_range, features.folds(document.flow))] if document else None

    @harmless(None)
    def formatting(self, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        document = self.documents.open.get(params.text_document.uri)
        if document is None:
            return None
        return [document.lines.edit(edit) for edit in features.formatting(document.flow.tree)]

    @harmless(None)
    def code_actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        document = self.documents.open.get(params.text_document.uri)
        if document is None:
            return None
        if document.problems is None:
            document.problems = tuple(self._problems(document))
        lines = document.lines
        start, end = lines.offset(params.range.start), lines.offset(params.range.end)
        wanted = _wanted_kinds(params)
        found: list[features.Action] = []
        if wanted("quickfix"):
            found += features.actions(document.problems, start, end, self.language)
        if wanted("source.fixAll"):
            everything = features.fix_all(document.problems, self.language)
            found += [everything] if everything else []
        return [answers.code_action(item, document, self.language) for item in found]

    @harmless(lsp.SemanticTokens(data=[]))
    def colours(self, params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        document = self.documents.open.get(params.text_document.uri)
        if document is None:
            return None
        around = self.documents.project(document).around
        found = features.colours(document.flow, around)
        return lsp.SemanticTokens(data=answers.semantic_tokens(found, document.lines))


def _encoding(name: str) -> Encoding:
    match name:
        case "utf-8" | "utf-32":
            return "utf-8" if name == "utf-8" else "utf-32"
        case _:
            return "utf-16"


def _language(params: lsp.InitializeParams, usual: Language) -> Language:
    """As the editor is set up, else as it is displayed, else that of the terminal."""
    options = params.initialization_options
    wanted = options.get("language") if isinstance(options, dict) else None
    named = str(wanted or params.locale or usual)
    return "ko" if named.startswith("ko") else "en"


def _was_blank(params: lsp.CompletionParams) -> bool:
    return params.context is not None and params.context.trigger_character == " "


def _depend(other: Document, changed_one: Document) -> bool:
    return bool(other.flow.document.tests or changed_one.flow.document.policies)


def _wanted_kinds(params: lsp.CodeActionParams) -> Callable[[str], bool]:
    """Whether a kind of action is asked for; asking for `source` asks for all below it."""
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]

    def wanted(kind: str) -> bool:
        if not only:
            return kind == "quickfix"
        return any(kind == name or kind.startswith(f"{name}.") for name in only)

    return wanted
