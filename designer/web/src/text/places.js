/**
 * The server counts lines and columns from 1, columns in characters; the editor counts in UTF-16,
 * where an emoji takes two.
 */
export function offsetOf(doc, { line, column }) {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(line);
  let units = 0;
  for (const character of text) {
    if (column <= 1) break;
    column -= 1;
    units += character.length;
  }
  return from + units;
}

export function placeOf(doc, offset) {
  const { number, from, text } = doc.lineAt(offset);
  return { line: number, column: [...text.slice(0, offset - from)].length + 1 };
}
