const CELL = 256;

/** Rectangles by id, found by the area they touch. Rectangles are {l, t, r, b}. */
export class RectIndex {
  rects = new Map();
  #cells = new Map();

  set(id, rect) {
    this.delete(id);
    this.rects.set(id, rect);
    this.#visit(rect, (key) => {
      const cell = this.#cells.get(key);
      if (cell) cell.add(id);
      else this.#cells.set(key, new Set([id]));
    });
  }

  delete(id) {
    const rect = this.rects.get(id);
    if (!rect) return;
    this.rects.delete(id);
    this.#visit(rect, (key) => this.#cells.get(key)?.delete(id));
  }

  clear() {
    this.rects.clear();
    this.#cells.clear();
  }

  /** Ids whose rectangle overlaps the open area. */
  query(area) {
    const found = new Set();
    this.#visit(area, (key) => {
      for (const id of this.#cells.get(key) ?? []) {
        if (!found.has(id) && overlaps(this.rects.get(id), area)) found.add(id);
      }
    });
    return found;
  }

  #visit({ l, t, r, b }, each) {
    for (let cx = Math.floor(l / CELL); cx <= Math.floor(r / CELL); cx += 1) {
      for (let cy = Math.floor(t / CELL); cy <= Math.floor(b / CELL); cy += 1) each(`${cx},${cy}`);
    }
  }
}

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
