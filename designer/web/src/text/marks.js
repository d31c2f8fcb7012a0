import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

const setMarked = StateEffect.define();
const line = Decoration.line({ class: "cm-marked" });

/** The lines of the block that is selected on the canvas. */
export const markedLines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarked)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks lines from first to last, counted from 1; null clears. */
export function markLines(view, first, last) {
  const { doc } = view.state;
  const marks = [];
  if (first !== null) {
    for (let n = Math.max(1, first); n <= Math.min(last, doc.lines); n += 1)
      marks.push(line.range(doc.line(n).from));
  }
  view.dispatch({ effects: setMarked.of(Decoration.set(marks)) });
}
