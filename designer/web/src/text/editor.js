import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentUnit,
} from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { flowLanguage } from "./language.js";
import { looks } from "./looks.js";
import { markedLines } from "./marks.js";
import { placeOf } from "./places.js";

const HOVER_MS = 350;
const WORD = /[\p{L}\p{N}_.]*$/u;

function completions(ask) {
  return async (context) => {
    const word = context.matchBefore(WORD);
    const opened = /[{.:]$|-> ?$/.test(
      context.state.sliceDoc(Math.max(0, context.pos - 3), context.pos),
    );
    if (!context.explicit && !opened && !(word && word.to - word.from >= 2)) return null;
    const options = await ask("complete", {
      ...placeOf(context.state.doc, context.pos),
      text: context.state.doc.toString(),
    });
    if (!options?.length || context.aborted) return null;
    const from = (word?.from ?? context.pos) + ((word?.text.lastIndexOf(".") ?? -1) + 1);
    return { from, options, validFor: /^[\p{L}\p{N}_]*$/u };
  };
}

function hovers(ask) {
  return hoverTooltip(
    async (view, pos) => {
      const text = await ask("hover", placeOf(view.state.doc, pos));
      if (!text) return null;
      return {
        pos,
        above: true,
        create() {
          const dom = document.createElement("div");
          dom.className = "cm-about";
          dom.textContent = text;
          return { dom };
        },
      };
    },
    { hoverTime: HOVER_MS },
  );
}

/** The server owns the one undo stack, so the keys go to it and the editor keeps no history. */
const undoKeys = (emit) => [
  { key: "Mod-z", run: () => (emit("undo"), true), preventDefault: true },
  { key: "Mod-y", run: () => (emit("redo"), true), preventDefault: true },
  { key: "Mod-Shift-z", run: () => (emit("redo"), true), preventDefault: true },
];

export const access = new Compartment();

export const accessOf = (readonly) => [
  EditorState.readOnly.of(readonly),
  EditorView.editable.of(!readonly),
];

/** A CodeMirror view of a flow. `emit` tells the server, `ask` asks it, `updated` sees each change. */
export function createEditor({ parent, label, readonly, emit, ask, updated }) {
  return new EditorView({
    parent,
    extensions: [
      lineNumbers(),
      lintGutter(),
      foldGutter({ openText: "⌄", closedText: "›" }),
      codeFolding({ placeholderText: "…" }),
      highlightSpecialChars(),
      drawSelection(),
      dropCursor(),
      rectangularSelection(),
      EditorState.allowMultipleSelections.of(true),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: false }),
      autocompletion({ override: [completions(ask)], icons: false, activateOnTypingDelay: 120 }),
      hovers(ask),
      markedLines,
      flowLanguage,
      looks,
      keymap.of([
        ...undoKeys(emit),
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...foldKeymap,
        ...lintKeymap,
        ...defaultKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({
        "aria-label": label,
        spellcheck: "false",
        tabindex: "0",
      }),
      // The browser's own undo menu would otherwise change the text behind the server's back.
      EditorView.domEventHandlers({ beforeinput: (event) => forwardHistory(event, emit) }),
      access.of(accessOf(readonly)),
      EditorView.updateListener.of(updated),
    ],
  });
}

function forwardHistory(event, emit) {
  if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
  event.preventDefault();
  emit(event.inputType === "historyUndo" ? "undo" : "redo");
  return true;
}
