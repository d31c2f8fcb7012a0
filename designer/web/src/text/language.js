import { StreamLanguage, foldService } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const WORDS = new Set(
  "on when otherwise and or not in else contains starts_with ends_with is true false".split(" "),
);
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*/u;
const NUMBER = /^\d+(?:\.\d+)?(?:(?:ms|s|min|h|d|w)(?:\d+(?:ms|s|min|h|d|w))*|%)?(?![\p{L}_])/u;

/** A string, from just after its opening quote; braces in it hold expressions. */
function readString(stream, state) {
  while (!stream.eol()) {
    if (state.quote !== "'" && stream.match(/^\{(?!\{)/)) {
      state.inside = 1;
      return "string";
    }
    if (stream.match(state.quote)) {
      state.quote = null;
      return "string";
    }
    if (state.quote === '"' && stream.match(/^\\./)) continue;
    stream.next();
  }
  // Only the triple quote runs on over the end of a line.
  if (state.quote !== '"""') state.quote = null;
  return "string";
}

function readInterpolation(stream, state) {
  if (stream.match("}")) {
    state.inside = 0;
    return "string";
  }
  if (stream.match(/^'[^'}]*'?/)) return "string";
  if (stream.match(NUMBER)) return "number";
  if (stream.match(NAME)) return WORDS.has(stream.current()) ? "keyword" : "variableName";
  stream.next();
  return "operator";
}

function readToken(stream, state) {
  const first = state.first;
  if (stream.match(/^\s+/)) return null;
  if (stream.match(/^#.*/)) return "comment";
  state.first = false;
  const quote = stream.match(/^(?:"""|"|')/);
  if (quote) {
    [state.quote] = quote;
    return readString(stream, state);
  }
  if (stream.match("->")) {
    state.target = true;
    return "punctuation";
  }
  if (stream.match(NUMBER)) return "number";
  if (
    first &&
    stream.indentation() === 0 &&
    stream.match(/^[\p{L}_][\p{L}\p{N}_.-]*(?=:\s*(?:#.*)?$)/u)
  )
    return "heading";
  if (stream.match(NAME)) return readName(stream, state, first);
  stream.next();
  return "operator";
}

function readName(stream, state, first) {
  const word = stream.current();
  const target = state.target;
  state.target = false;
  if (target) return "labelName";
  if (WORDS.has(word)) return "keyword";
  const names = stream.match(/^\s*=(?!=)/, false);
  if (first && !names && !stream.match(/^\s*:/, false)) return "keyword";
  if (stream.match(/^\s*:/, false)) return "propertyName";
  if (names && !first) return "variableName";
  state.first = Boolean(first && names);
  return "variableName";
}

const flowStream = {
  name: "flow",
  startState: () => ({ quote: null, inside: 0, first: true, target: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.sol() && !state.quote)
      Object.assign(state, { first: true, target: false, inside: 0 });
    if (state.quote && state.inside) return readInterpolation(stream, state);
    if (state.quote) return readString(stream, state);
    // After `name =` at the start of a step comes its kind, which is a first word again.
    if (stream.match(/^=(?!=)/)) return "operator";
    return readToken(stream, state);
  },
  languageData: {
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
    indentOnInput: /^\s*(?:on|otherwise|->)$/,
  },
  tokenTable: {
    heading: tags.heading,
    labelName: tags.labelName,
    propertyName: tags.propertyName,
    variableName: tags.variableName,
  },
};

const indentOf = (text) => /^ */.exec(text)[0].length;

/** A line folds together with the deeper lines below it. */
const foldDeeper = foldService.of((state, start) => {
  const head = state.doc.lineAt(start);
  if (!head.text.trim()) return null;
  let end = null;
  for (let n = head.number + 1; n <= state.doc.lines; n += 1) {
    const line = state.doc.line(n);
    if (!line.text.trim()) continue;
    if (indentOf(line.text) <= indentOf(head.text)) break;
    end = line.to;
  }
  return end === null ? null : { from: head.to, to: end };
});

export const flowLanguage = [StreamLanguage.define(flowStream), foldDeeper];
