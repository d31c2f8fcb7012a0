const ENGLISH = {
  canvas: "Flow canvas",
  block: "block",
  outcomes: "Outcomes",
  leads_nowhere: "leads nowhere",
  one_block: "1 block",
  many_blocks: "{n} blocks",
  now: "Now",
  visited: "Visited",
  on_path: "On the way",
  more: "More",
  fold: "Fold {name}",
  unfold: "Unfold {name}",
  go_to: "Go to {name}",
  zoom_in: "Zoom in",
  zoom_out: "Zoom out",
  zoom_reset: "Zoom to 100 %",
  fit: "Fit to window",
  minimap: "Overview map",
  start: "Start",
  note: "Note",
  empty: "Drag a block here to begin",
};

/** The page's own words over English ones. */
export function wordsOf(given) {
  const words = { ...ENGLISH, ...given };
  words.count = (n) => (n === 1 ? words.one_block : words.many_blocks.replace("{n}", n));
  words.naming = (key, name) => words[key].replace("{name}", name);
  return words;
}
