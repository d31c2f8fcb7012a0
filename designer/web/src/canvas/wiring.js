import { Router } from "./router.js";
import { RectIndex, grow, rectOf } from "./spatial.js";

const FAR = 1800;
const FAR_FAINT = 1000;
const WIDE_CELL = 4096;
export const STUB_LINE = 14;
const LABEL_FROM = 640;
const ROOM_UPRIGHT = 80;
const HEADER = { x: 14, y: 8, h: 18, letter: 7.6, count: 64 };
const CORNER = 8;
const CLEARANCE = 4;

/**
 * Keeps the router in step with the model and turns routes into what is painted.
 *
 * A wire between blocks that stand far apart is shown as a stub at either end, for which its ends
 * are enough; finding its way takes long, and is left until somebody `want`s to see it whole.
 */
export class Wiring {
  #router = new Router();
  #model;
  #views = new Map();
  #order = new Map();
  #far = new Map();
  #leaving = new RectIndex();
  #arriving = new RectIndex();
  #spans = new RectIndex(WIDE_CELL);
  #crossings = new Map();

  constructor(model) {
    this.#model = model;
  }

  load() {
    this.#router.clear();
    this.#views.clear();
    this.#order.clear();
    this.#far.clear();
    this.#crossings.clear();
    for (const index of [this.#leaving, this.#arriving, this.#spans]) index.clear();
    for (const node of this.#model.nodes.values()) this.#placeCard(node);
    for (const id of this.#model.boxes.keys()) this.#placeSection(id);
    for (const id of this.#model.wires.keys()) this.#place(id);
  }

  /** `touched` are the blocks that the model said stand differently after the patch. */
  patch(
    { wires = [], drop_nodes = [], drop_wires = [], drop_sections = [], sections = [] },
    touched,
  ) {
    for (const id of drop_wires) this.#drop(id);
    for (const id of drop_nodes) this.#router.dropObstacle(id);
    for (const id of [...drop_sections, ...sections.map((section) => section.id)])
      this.#placeSection(id);
    this.moved(touched);
    this.settled(touched);
    for (const wire of wires) this.#place(wire.id);
  }

  /** Re-routes only what hangs on the given blocks. */
  moved(ids) {
    const touched = new Set();
    for (const id of ids) {
      this.#placeCard(this.#model.nodes.get(id));
      for (const wire of this.#model.wiresOf(id)) touched.add(wire);
    }
    for (const id of touched) this.#place(id);
  }

  /** After a move: section names move along, and wires make way for the cards. */
  settled(ids) {
    const sections = new Set();
    for (const id of ids) {
      const node = this.#model.nodes.get(id);
      sections.add(node.section);
      if (this.#model.isShown(node)) this.#router.staleIn(rectOf(node));
    }
    for (const id of sections) this.#placeSection(id);
  }

  /** Routes what is not routed yet, what is in an area first, until the time is up. */
  settle(budgetMs, area) {
    return this.#router.settle(budgetMs, area);
  }

  /** Has far wires routed; until they are, they are stubs. */
  want(ids) {
    for (const id of ids) {
      const ends = this.#far.get(id);
      if (ends && !this.#router.knows(id)) this.#router.setWire(id, { ...ends, far: true });
    }
  }

  /** Far wires that run through an area, as the crow flies. */
  farIn(area) {
    return this.#spans.query(area);
  }

  /** The wires that run through an area, and the stubs in it. */
  idsIn(area) {
    const found = this.#router.wiresIn(area);
    for (const index of [this.#leaving, this.#arriving])
      for (const id of index.query(area)) found.add(id);
    return found;
  }

  /** How a wire looks: {points, path, label, stub}, or null while it has no route. A stub without
   * a route has neither points nor path. */
  view(id) {
    const points = this.#router.route(id) ?? this.#far.get(id);
    const known = this.#views.get(id);
    if (!points || known?.made === points) return points ? known : null;
    const view = Array.isArray(points) ? this.#describe(id, points) : stubOf(points);
    this.#views.set(id, view);
    return view;
  }

  /** Where a wire crosses others that were routed before it; kept until a route changes. */
  crossings(id) {
    const { version } = this.#router;
    const known = this.#crossings.get(id);
    if (known?.version === version) return known.points;
    const own = this.#order.get(id);
    const points = this.#router.crossings(
      id,
      (other) => (this.#order.get(other) ?? 0) < own && !this.#far.has(other),
    );
    this.#crossings.set(id, { version, points });
    return points;
  }

  freeRight(x, y, halfHeight, limit) {
    return this.#router.freeRight(x, y, halfHeight, limit);
  }

  /** Whether a card, a folded section or a section's name lies in a rectangle. */
  isTaken(rect) {
    return this.#router.isTaken(grow(rect, -CLEARANCE));
  }

  /** The wire nearest to a point within a distance, or null. */
  at(x, y, within, isPainted) {
    let best = null;
    let bestDistance = within;
    for (const id of this.#router.wiresIn(grow({ l: x, r: x, t: y, b: y }, within))) {
      const view = this.view(id);
      if (!view || !isPainted(id, view)) continue;
      const distance = distanceTo(view.points, x, y);
      if (distance < bestDistance) {
        best = id;
        bestDistance = distance;
      }
    }
    return best;
  }

  #placeCard(node) {
    if (this.#model.isShown(node)) this.#router.setObstacle(node.id, rectOf(node));
    else this.#router.dropObstacle(node.id);
  }

  #placeSection(id) {
    const box = this.#model.boxes.get(id);
    const section = this.#model.sections.get(id);
    if (!box || !section) {
      this.#router.dropLane(id);
      return this.#router.dropObstacle(`section ${id}`);
    }
    if (section.folded) {
      this.#router.dropLane(id);
      return this.#router.setObstacle(`section ${id}`, box);
    }
    this.#router.setLane(id, box);
    const l = box.l + HEADER.x;
    const t = box.t + HEADER.y;
    const r = l + section.label.length * HEADER.letter + HEADER.count;
    return this.#router.setObstacle(`section ${id}`, { l, t, r, b: t + HEADER.h }, 2);
  }

  #place(id) {
    const wire = this.#model.wires.get(id);
    const ends = this.#model.endsOf(wire);
    if (!ends) return this.#drop(id);
    if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
    if (!isFar(wire, ends)) {
      this.#forgetFar(id);
      return this.#router.setWire(id, ends);
    }
    const { from, to } = ends;
    this.#router.dropWire(id);
    this.#far.set(id, ends);
    this.#leaving.set(id, grow({ l: from.x, t: from.y, r: from.x, b: from.y }, STUB_LINE));
    this.#arriving.set(id, grow({ l: to.x, t: to.y, r: to.x, b: to.y }, STUB_LINE));
    return this.#spans.set(id, {
      l: Math.min(from.x, to.x),
      t: Math.min(from.y, to.y),
      r: Math.max(from.x, to.x) + 1,
      b: Math.max(from.y, to.y) + 1,
    });
  }

  #drop(id) {
    this.#router.dropWire(id);
    this.#forgetFar(id);
    this.#views.delete(id);
    this.#crossings.delete(id);
  }

  #forgetFar(id) {
    if (!this.#far.delete(id)) return;
    for (const index of [this.#leaving, this.#arriving, this.#spans]) index.delete(id);
  }

  #describe(id, points) {
    const wire = this.#model.wires.get(id);
    const [from, to] = [points[0], points.at(-1)];
    const stub = this.#far.has(id);
    return {
      made: points,
      points,
      path: roundedPath(points),
      stub,
      down: points[1].x === from.x,
      label: stub ? null : labelOf(wire, points),
      from,
      to,
    };
  }
}

const isFar = ({ faint }, { from, to }) =>
  Math.abs(from.x - to.x) + Math.abs(from.y - to.y) > (faint ? FAR_FAINT : FAR);

const stubOf = (ends) => ({
  made: ends,
  points: null,
  path: null,
  stub: true,
  down: ends.from.down,
  label: null,
  from: { x: ends.from.x, y: ends.from.y },
  to: ends.to,
});

/** The places for a pill: the middles of the longest stretches, level ones first. */
function labelOf(wire, points) {
  if (!wire.label) return null;
  const places = [];
  let length = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const run = Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    length += run;
    // An upright stretch has to be much longer to win.
    const worth = a.y === b.y ? run : run * 0.4;
    for (const part of [0.5, 0.3, 0.7]) {
      places.push({
        worth: worth * (part === 0.5 ? 1 : 0.9),
        room: a.y === b.y ? run : run + ROOM_UPRIGHT,
        x: a.x + (b.x - a.x) * part,
        y: a.y + (b.y - a.y) * part,
      });
    }
  }
  places.sort((a, b) => b.worth - a.worth);
  return { text: wire.label, places, long: length > LABEL_FROM && points.length > 2 };
}

export function roundedPath(points) {
  const path = new Path2D();
  path.moveTo(points[0].x, points[0].y);
  for (let i = 1; i < points.length - 1; i += 1) {
    const [a, b, c] = [points[i - 1], points[i], points[i + 1]];
    const room = Math.min(
      Math.abs(a.x - b.x) + Math.abs(a.y - b.y),
      Math.abs(b.x - c.x) + Math.abs(b.y - c.y),
    );
    path.arcTo(b.x, b.y, c.x, c.y, Math.min(CORNER, room / 2));
  }
  path.lineTo(points.at(-1).x, points.at(-1).y);
  return path;
}

function distanceTo(points, x, y) {
  let best = Infinity;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const dx = Math.max(Math.min(a.x, b.x) - x, 0, x - Math.max(a.x, b.x));
    const dy = Math.max(Math.min(a.y, b.y) - y, 0, y - Math.max(a.y, b.y));
    best = Math.min(best, Math.hypot(dx, dy));
  }
  return best;
}
