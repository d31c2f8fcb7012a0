"""What features find, in the words of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types as lsp

from flowlang import features
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language, message, note
from flowlang.features.colours import MARKS, SORTS
from flowlang.features.completion import Kind as CompletionKind
from flowlang.features.outline import Kind as SymbolKind
from flowlang.lsp.documents import Document
from flowlang.lsp.positions import Lines
from flowlang.places import Place

LEGEND = lsp.SemanticTokensLegend(token_types=list(SORTS), token_modifiers=list(MARKS))
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "hint": lsp.DiagnosticSeverity.Hint,
}
_COMPLETIONS: dict[CompletionKind, lsp.CompletionItemKind] = {
    "block": lsp.CompletionItemKind.Function,
    "function": lsp.CompletionItemKind.Method,
    "section": lsp.CompletionItemKind.Module,
    "step": lsp.CompletionItemKind.Reference,
    "value": lsp.CompletionItemKind.Variable,
    "field": lsp.CompletionItemKind.Field,
    "resource": lsp.CompletionItemKind.Constant,
    "word": lsp.CompletionItemKind.EnumMember,
    "keyword": lsp.CompletionItemKind.Keyword,
    "outcome": lsp.CompletionItemKind.Event,
    "literal": lsp.CompletionItemKind.Value,
    "type": lsp.CompletionItemKind.Class,
    "parameter": lsp.CompletionItemKind.Property,
}
_SYMBOLS: dict[SymbolKind, lsp.SymbolKind] = {
    "flow": lsp.SymbolKind.Module,
    "module": lsp.SymbolKind.Module,
    "value": lsp.SymbolKind.Variable,
    "resource": lsp.SymbolKind.Constant,
    "function": lsp.SymbolKind.Function,
    "section": lsp.SymbolKind.Namespace,
    "step": lsp.SymbolKind.Event,
    "test": lsp.SymbolKind.Method,
    "policy": lsp.SymbolKind.Interface,
}


def markdown(text: str) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)


# --- problems ---------------------------------------------------------------------------------


def diagnostic(problem: Problem, document: Document, language: Language) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        range=_range(problem.place, document.lines),
        message=message(problem, language),
        severity=_SEVERITIES[problem.severity],
        code=problem.code,
        source="flowlang",
        related_information=[
            lsp.DiagnosticRelatedInformation(
                lsp.Location(document.uri, _range(item.place, document.lines)),
                note(item, language),
            )
            for item in problem.related
        ],
    )


def _range(place: Place | None, lines: Lines) -> lsp.Range:
    """Problems without a place are those of the whole file: they stand at its start."""
    return lines.range(*place.offsets) if place else lines.range(0, 0)


def code_action(action: features.Action, document: Document, language: Language) -> lsp.CodeAction:
    kind = lsp.CodeActionKind.QuickFix if action.problem else lsp.CodeActionKind.SourceFixAll
    return lsp.CodeAction(
        title=action.title,
        kind=kind,
        diagnostics=[diagnostic(action.problem, document, language)] if action.problem else None,
        is_preferred=action.is_safe if action.problem else None,
        edit=lsp.WorkspaceEdit(
            changes={document.uri: [document.lines.edit(edit) for edit in action.edits]}
        ),
    )


# --- completion and symbols -------------------------------------------------------------------


def completion_items(
    found: Sequence[features.Completion], lines: Lines
) -> Iterator[lsp.CompletionItem]:
    for number, item in enumerate(found):
        yield lsp.CompletionItem(
            label=item.label,
            kind=_COMPLETIONS[item.kind],
            detail=item.detail or None,
            documentation=markdown(item.info) if item.info else None,
            sort_text=f"{number:05}",
            filter_text=item.label,
            text_edit=lsp.TextEdit(lines.range(item.start, item.end), item.insert),
        )


def document_symbol(symbol: features.Symbol, lines: Lines) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        name=symbol.name,
        kind=_SYMBOLS[symbol.kind],
        detail=symbol.detail or None,
        range=lines.range(symbol.start, symbol.end),
        selection_range=lines.range(symbol.name_start, symbol.name_end),
        children=[document_symbol(child, lines) for child in symbol.children],
    )


def workspace_symbol(
    symbol: features.Symbol, holder: str, document: Document
) -> lsp.WorkspaceSymbol:
    return lsp.WorkspaceSymbol(
        location=lsp.Location(
            document.uri, document.lines.range(symbol.name_start, symbol.name_end)
        ),
        name=symbol.name,
        kind=_SYMBOLS[symbol.kind],
        container_name=holder or (document.path.name if document.path else None),
    )


def signature_help(found: features.Signature) -> lsp.SignatureHelp:
    parameters = [
        lsp.ParameterInformation(
            label=item.label, documentation=markdown(item.info) if item.info else None
        )
        for item in found.parameters
    ]
    told = lsp.SignatureInformation(
        label=found.label, documentation=markdown(found.info), parameters=parameters
    )
    # An index behind the last one is how editors mark none.
    active = len(parameters) if found.active is None else found.active
    return lsp.SignatureHelp(signatures=[told], active_signature=0, active_parameter=active)


def folding_range(fold: features.Fold) -> lsp.FoldingRange:
    kind = lsp.FoldingRangeKind.Comment if fold.is_comment else lsp.FoldingRangeKind.Region
    return lsp.FoldingRange(start_line=fold.first - 1, end_line=fold.last - 1, kind=kind)


# --- colours ----------------------------------------------------------------------------------


def semantic_tokens(found: Iterable[features.Colour], lines: Lines) -> list[int]:
    """Five numbers a word, counted from the word before it."""
    data: list[int] = []
    line = character = 0
    for colour in found:
        at = lines.position(colour.start)
        if at.line != line:
            character = 0
        length = lines.units(lines.text[colour.start : colour.end])
        marks = sum(1 << MARKS.index(mark) for mark in colour.marks)
        data += (at.line - line, at.character - character, length, SORTS.index(colour.sort), marks)
        line, character = at.line, at.character
    return data
