import { Router } from "./router.js";
import { grow, rectOf } from "./spatial.js";

const FAR = 1800;
const FAR_FAINT = 1000;
const LABEL_FROM = 640;
const ROOM_UPRIGHT = 80;
const HEADER = { x: 14, y: 8, h: 18, letter: 7.6, count: 64 };
const CORNER = 8;
const CLEARANCE = 4;

/** Keeps the router in step with the model and turns routes into what is painted. */
export class Wiring {
  #router = new Router();
  #model;
  #views = new Map();
  #order = new Map();

  constructor(model) {
    this.#model = model;
  }

  load() {
    this.#router.clear();
    this.#views.clear();
    this.#order.clear();
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

  settle(budgetMs) {
    return this.#router.settle(budgetMs);
  }

  idsIn(area) {
    return this.#router.wiresIn(area);
  }

  /** How a wire looks: {points, path, label, stub}, or null while it has no route. */
  view(id) {
    const points = this.#router.route(id);
    const known = this.#views.get(id);
    if (!points || known?.points === points) return points ? known : null;
    const view = this.#describe(id, points);
    this.#views.set(id, view);
    return view;
  }

  crossings(id) {
    const own = this.#order.get(id);
    return this.#router.crossings(
      id,
      (other) => (this.#order.get(other) ?? 0) < own && !this.view(other)?.stub,
    );
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
    for (const id of this.idsIn(grow({ l: x, r: x, t: y, b: y }, within))) {
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
    const ends = this.#model.endsOf(this.#model.wires.get(id));
    if (!ends) return this.#drop(id);
    if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
    return this.#router.setWire(id, ends);
  }

  #drop(id) {
    this.#router.dropWire(id);
    this.#views.delete(id);
  }

  #describe(id, points) {
    const wire = this.#model.wires.get(id);
    const [from, to] = [points[0], points.at(-1)];
    const distance = Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
    const stub = distance > (wire.faint ? FAR_FAINT : FAR);
    return {
      points,
      path: roundedPath(points),
      stub,
      label: stub ? null : labelOf(wire, points),
      from,
      to,
    };
  }
}

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
