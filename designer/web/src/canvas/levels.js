/** What is drawn at a zoom: whole cards, tiles without text, or sections only. */
export const CARDS_FROM = 0.4;
export const TILES_FROM = 0.15;
export const ZOOM_MIN = 0.03;
/** From here on the words on the cards can be read. */
export const ZOOM_READABLE = 0.7;
export const ZOOM_MAX = 2;

export function levelOf(zoom) {
  if (zoom >= CARDS_FROM) return "cards";
  return zoom >= TILES_FROM ? "tiles" : "sections";
}
