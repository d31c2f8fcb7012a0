import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--syn-kw)", fontWeight: "600" },
  { tag: tags.string, color: "var(--syn-str)" },
  { tag: tags.number, color: "var(--syn-num)" },
  { tag: tags.heading, color: "var(--syn-sec)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--syn-attr)" },
  { tag: tags.propertyName, color: "var(--ink-2)" },
  { tag: tags.labelName, color: "var(--ink-1)" },
  { tag: tags.comment, color: "var(--syn-com)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.operator], color: "var(--syn-arrow)" },
]);

const wave = (token) => ({
  textDecoration: `underline wavy var(${token}) 1px`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
  backgroundImage: "none",
  paddingBottom: "0",
});

const panel = {
  border: "1px solid var(--line)",
  borderRadius: "var(--r-8)",
  backgroundColor: "var(--bg-surface)",
  boxShadow: "var(--sh-3)",
  color: "var(--ink-1)",
};

const theme = EditorView.theme({
  "&": {
    height: "100%",
    backgroundColor: "var(--bg-surface)",
    color: "var(--ink-1)",
    fontSize: "var(--text-13)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "4px 0", caretColor: "var(--accent-ink)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-cursor": { borderLeft: "1.5px solid var(--accent-ink)" },
  ".cm-gutters": {
    border: "0",
    backgroundColor: "var(--bg-surface)",
    color: "var(--ink-3)",
    fontSize: "var(--text-12)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "40px", padding: "0 4px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": {
    width: "16px",
    color: "var(--ink-3)",
    cursor: "pointer",
    lineHeight: "16px",
    opacity: 0,
    textAlign: "center",
  },
  ".cm-gutters:hover .cm-foldGutter .cm-gutterElement, .cm-foldGutter .cm-gutterElement:has([title='Unfold line'])":
    { opacity: 1 },
  ".cm-gutter-lint": { width: "12px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "6px 0 0 3px" },
  ".cm-lint-marker": { width: "8px", height: "8px", borderRadius: "50%", content: "''" },
  ".cm-lint-marker-error": { backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { backgroundColor: "var(--integrate)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--bg-lane)" },
  ".cm-marked": { backgroundColor: "var(--accent-tint)" },
  ".cm-line.cm-marked": { boxShadow: "inset 3px 0 0 var(--accent-ink)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    {
      backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent)",
    },
  ".cm-selectionMatch, .cm-searchMatch": {
    borderRadius: "2px",
    backgroundColor: "var(--warn-tint)",
  },
  ".cm-searchMatch-selected": { boxShadow: "0 0 0 1px var(--warn)" },
  ".cm-foldPlaceholder": {
    border: "0",
    margin: "0 4px",
    padding: "0 6px",
    borderRadius: "var(--r-4)",
    backgroundColor: "var(--bg-hover)",
    color: "var(--ink-2)",
  },
  ".cm-lintRange-error": wave("--bad"),
  ".cm-lintRange-warning": wave("--warn"),
  ".cm-lintRange-info": wave("--integrate"),
  ".cm-lintRange-active": { backgroundColor: "var(--bg-hover)" },
  ".cm-tooltip": {
    ...panel,
    font: "var(--text-13)/var(--lh-20) var(--font-ui)",
    maxWidth: "480px",
    zIndex: 20,
  },
  ".cm-tooltip-hover": { padding: "0" },
  ".cm-tooltip .cm-tooltip-section:not(:first-child)": { borderTop: "1px solid var(--line)" },
  ".cm-about": { padding: "8px 12px", whiteSpace: "pre-wrap" },
  ".cm-diagnostic": { padding: "8px 12px", borderLeft: "0" },
  ".cm-diagnostic + .cm-diagnostic": { borderTop: "1px solid var(--line)" },
  ".cm-diagnostic-error .cm-diagnosticSource": { color: "var(--bad)" },
  ".cm-diagnosticSource": {
    color: "var(--ink-3)",
    fontFamily: "var(--font-mono)",
    fontSize: "var(--text-11)",
  },
  ".cm-diagnosticAction": {
    display: "block",
    margin: "6px 0 0",
    padding: "2px 8px",
    border: "0",
    borderRadius: "var(--r-6)",
    backgroundColor: "var(--accent-tint)",
    color: "var(--accent-ink)",
    fontWeight: "500",
    cursor: "pointer",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxHeight: "240px",
    padding: "4px",
    fontFamily: "var(--font-mono)",
    fontSize: "var(--text-12)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "4px 8px",
    borderRadius: "var(--r-4)",
    color: "var(--ink-1)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-tint)",
    color: "var(--accent-ink)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": {
    marginLeft: "12px",
    color: "var(--ink-3)",
    fontFamily: "var(--font-ui)",
    fontStyle: "normal",
  },
  ".cm-completionInfo": { ...panel, padding: "8px 12px" },
  ".cm-panels": {
    borderColor: "var(--line)",
    backgroundColor: "var(--bg-surface)",
    color: "var(--ink-1)",
  },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    padding: "8px 12px",
    font: "var(--text-12)/var(--lh-20) var(--font-ui)",
  },
  ".cm-textfield": {
    padding: "2px 8px",
    border: "1px solid var(--line-control)",
    borderRadius: "var(--r-6)",
    backgroundColor: "var(--bg-surface)",
    color: "var(--ink-1)",
  },
  ".cm-button": {
    padding: "2px 8px",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r-6)",
    backgroundColor: "var(--bg-surface)",
    backgroundImage: "none",
    color: "var(--ink-1)",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink-2)", fontSize: "16px" },
});

export const looks = [theme, syntaxHighlighting(colours)];
