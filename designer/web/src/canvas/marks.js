/**
 * What a page says of blocks and wires besides what they are: how they changed, who is there, what
 * no test has reached. `look` is one of these; a mark also has words or a sign, as colour alone
 * says nothing to many people.
 */
const LOOKS = {
  added: { sign: "+", ink: "ok", tint: "okTint", width: 2.5 },
  removed: { sign: "−", ink: "bad", tint: "badTint", width: 2, dash: true },
  changed: { sign: "~", ink: "warn", tint: "warnTint", width: 2.5 },
  reached: { sign: "✓", ink: "ok", tint: "okTint", width: 2 },
  missed: { sign: "○", ink: "warn", tint: "warnTint", width: 2, dash: true },
  failed: { sign: "✕", ink: "bad", tint: "badTint", width: 2.5 },
  live: { sign: "", ink: "accentInk", tint: "accentTint", width: 2 },
};

export function lookOf(mark) {
  return mark && LOOKS[mark.look];
}

export function signOf(mark) {
  return LOOKS[mark.look]?.sign ?? "";
}

/** What a mark says in words. */
export function saidBy(mark) {
  return [mark.text, mark.pill].filter(Boolean).join(", ");
}

/** A wire's looks while marks are shown, like those of `Painter.look`. */
export function wireLook(marks, wire, theme) {
  const mark = marks.wires[wire.id];
  const look = lookOf(mark);
  if (look)
    return {
      rank: 3,
      colour: theme[look.ink],
      width: look.width + (mark.level ?? 0),
      dash: look.dash,
      expanded: mark.look !== "live",
    };
  if (marks.quiet) return { rank: 0, colour: theme.wireFaint, width: 1.5, dash: wire.faint };
  return null;
}
