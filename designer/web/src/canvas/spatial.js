const CELL = 256;

/**
 * Rectangles by id, found by the area they touch. Rectangles are {l, t, r, b}. Cells are to be
 * about as large as what is in them.
 */
export class RectIndex {
  rects = new Map();
  #cells = new Map();
  #size;

  constructor(size = CELL) {
    this.#size = size;
  }

  set(id, rect) {
    this.delete(id);
    this.rects.set(id, rect);
    this.#each(rect, (key) => {
      const cell = this.#cells.get(key);
      if (cell) cell.add(id);
      else this.#cells.set(key, new Set([id]));
    });
  }

  delete(id) {
    const rect = this.rects.get(id);
    if (!rect) return;
    this.rects.delete(id);
    this.#each(rect, (key) => void this.#cells.get(key).delete(id));
  }

  clear() {
    this.rects.clear();
    this.#cells.clear();
  }

  /** Ids whose rectangle overlaps the open area. */
  query(area) {
    const found = new Set();
    this.#each(area, (key) => {
      for (const id of this.#cells.get(key) ?? NONE)
        if (overlaps(this.rects.get(id), area)) found.add(id);
    });
    return found;
  }

  /** Whether any rectangle overlaps the open area. */
  touches(area) {
    return this.#each(area, (key) => {
      for (const id of this.#cells.get(key) ?? NONE)
        if (overlaps(this.rects.get(id), area)) return true;
      return false;
    });
  }

  /** Visits the cells that an area touches, until a visit answers true. */
  #each({ l, t, r, b }, visit) {
    const size = this.#size;
    const [right, bottom] = [Math.floor(r / size), Math.floor(b / size)];
    for (let cx = Math.floor(l / size); cx <= right; cx += 1)
      for (let cy = Math.floor(t / size); cy <= bottom; cy += 1)
        if (visit(keyOf(cx, cy))) return true;
    return false;
  }
}

const NONE = [];

/**
 * A small whole number, which a map finds several times faster than a text. Cells that are a world
 * apart may share one: whoever looks into a cell checks what is in it.
 */
const keyOf = (cx, cy) => ((cx & 0x7fff) << 15) | (cy & 0x7fff);

export const overlaps = (a, b) => a.l < b.r && a.r > b.l && a.t < b.b && a.b > b.t;

export const grow = (rect, by) => ({
  l: rect.l - by,
  t: rect.t - by,
  r: rect.r + by,
  b: rect.b + by,
});

export const rectOf = ({ x, y, w, h }) => ({ l: x, t: y, r: x + w, b: y + h });

export const holds = (rect, x, y) => x >= rect.l && x <= rect.r && y >= rect.t && y <= rect.b;

export function union(rects) {
  const box = { l: Infinity, t: Infinity, r: -Infinity, b: -Infinity };
  for (const rect of rects) {
    if (rect.l < box.l) box.l = rect.l;
    if (rect.t < box.t) box.t = rect.t;
    if (rect.r > box.r) box.r = rect.r;
    if (rect.b > box.b) box.b = rect.b;
  }
  return box.l === Infinity ? null : box;
}
