const COLOURS = {
  canvas: "--bg-canvas",
  surface: "--bg-surface",
  sunken: "--bg-sunken",
  lane: "--bg-lane",
  line: "--line",
  lineStrong: "--line-strong",
  laneLine: "--lane-line",
  ink1: "--ink-1",
  ink2: "--ink-2",
  ink3: "--ink-3",
  accent: "--accent",
  accentInk: "--accent-ink",
  accentLine: "--accent-line",
  accentTint: "--accent-tint",
  wire: "--wire",
  wireFaint: "--wire-faint",
  wireLit: "--wire-lit",
  ok: "--ok",
  okTint: "--ok-tint",
  warn: "--warn",
  warnTint: "--warn-tint",
  bad: "--bad",
  badTint: "--bad-tint",
  ui: "--font-ui",
  mono: "--font-mono",
};
const CATEGORIES = ["talk", "know", "decide", "secure", "integrate", "transfer"];

/** The tokens that the 2D canvas needs, read from the element they apply to. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(name).trim();
  const theme = { category: {} };
  for (const [name, token] of Object.entries(COLOURS)) theme[name] = value(token);
  for (const name of CATEGORIES)
    theme.category[name] = { ink: value(`--${name}`), tint: value(`--${name}-tint`) };
  return theme;
}

/** Calls back when the theme is switched, by attribute or by the system; returns the stop. */
export function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class"],
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-theme", "class"] });
  return () => observer.disconnect();
}

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
