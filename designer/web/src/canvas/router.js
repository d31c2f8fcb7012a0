import { findPath } from "./pathfinder.js";
import { RectIndex, grow, holds, overlaps } from "./spatial.js";
import { TrackIndex } from "./tracks.js";

const LEAVE = 12;
const ARRIVE = 14;
const CLEAR = 10;
const LANE_CLEAR = 8;
const LANE_INNER = 4;
const TRACK = 8;
const REACH = 240;
const WIDE = 112;
const CANDIDATES = 14;
const WINDOWS = [120, 400, 1200];
const OBSTACLES_MAX = 160;
const CONFLICT = 400;
const CROSSING = 26;
const SHARED = -14;
const BEYOND = 60;
const ON_EDGE = 80;

/**
 * Finds right-angled ways for wires round cards. Routing one wire never moves another: the
 * caller says which wires are stale (`stale`, `staleIn`) and `settle` routes just those.
 *
 * A wire is {from: {x, y, down}, to: {x, y}, key, far}: wires with one key may share a stretch, and
 * far ones go round sections as a whole.
 */
export class Router {
  /** Another number whenever a route has come or gone. */
  version = 0;
  #obstacles = new RectIndex();
  #lanes = new RectIndex();
  #bounds = new RectIndex();
  #tracks = new TrackIndex();
  #wires = new Map();
  #routes = new Map();
  #stale = new Set();
  #queue = null;

  clear() {
    this.#obstacles.clear();
    this.#lanes.clear();
    this.#bounds.clear();
    this.#tracks.clear();
    this.#wires.clear();
    this.#routes.clear();
    this.#stale.clear();
    this.#queue = null;
  }

  setObstacle(id, rect, clear = CLEAR) {
    this.#obstacles.set(id, grow(rect, clear));
  }

  dropObstacle(id) {
    this.#obstacles.delete(id);
  }

  /** Lanes may be crossed, but wires would rather run in the gutters between them. */
  setLane(id, rect) {
    this.#lanes.set(id, grow(rect, LANE_CLEAR));
  }

  dropLane(id) {
    this.#lanes.delete(id);
  }

  setWire(id, wire) {
    this.#forget(id);
    this.#wires.set(id, wire);
    this.#stale.add(id);
    this.#queue = null;
  }

  dropWire(id) {
    this.#forget(id);
    this.#wires.delete(id);
    if (this.#stale.delete(id)) this.#queue = null;
  }

  knows(id) {
    return this.#wires.has(id);
  }

  /** Marks the wires that run through an area, such as where a card has come to rest. */
  staleIn(rect) {
    const area = grow(rect, CLEAR - 2);
    for (const id of this.#bounds.query(area)) {
      const points = this.#routes.get(id);
      if (points && crosses(points, area)) this.setWire(id, this.#wires.get(id));
    }
  }

  /**
   * Routes stale wires until none is left or the time is up, those that begin or end in an area
   * first, and of those the short ones; true when none is left.
   */
  settle(budgetMs = Infinity, area = null) {
    if (!this.#stale.size) return true;
    const end = performance.now() + budgetMs;
    this.#queue ??= this.#inTurn(area);
    while (this.#queue.length) {
      const id = this.#queue.pop();
      this.#route(id);
      this.#stale.delete(id);
      if (performance.now() > end) break;
    }
    return this.#stale.size === 0;
  }

  /** The stale wires, what comes first at the end. */
  #inTurn(area) {
    const turns = [...this.#stale].map((id) => {
      const wire = this.#wires.get(id);
      return { id, near: area !== null && isSeen(wire, area), span: span(wire) };
    });
    turns.sort((a, b) => b.near - a.near || a.span - b.span);
    return turns.map(({ id }) => id).reverse();
  }

  /** Corner points of a routed wire, ends included. */
  route(id) {
    return this.#routes.get(id);
  }

  wiresIn(area) {
    return this.#bounds.query(area);
  }

  /** Where a wire crosses wires of other targets that were routed before it. */
  crossings(id, isBelow) {
    const points = this.#routes.get(id);
    const { key } = this.#wires.get(id);
    const found = [];
    for (let i = 1; i < points.length; i += 1) {
      this.#tracks.crossing(points[i - 1], points[i], (other, at, across) => {
        if (other.key !== key && isBelow(other.id))
          found.push(across ? { x: other.at, y: at, across } : { x: at, y: other.at, across });
      });
    }
    return found;
  }

  /** Whether an obstacle, or its surroundings, reaches into an area. */
  isTaken(area) {
    return this.#obstacles.touches(area);
  }

  /** How far the space right of a point is free, at most `limit`. */
  freeRight(x, y, halfHeight, limit) {
    let free = limit;
    for (const id of this.#obstacles.query({
      l: x + CLEAR + 1,
      r: x + limit,
      t: y - halfHeight,
      b: y + halfHeight,
    })) {
      free = Math.min(free, this.#obstacles.rects.get(id).l + CLEAR - x);
    }
    return free;
  }

  #forget(id) {
    if (!this.#routes.has(id)) return;
    this.#routes.delete(id);
    this.#bounds.delete(id);
    this.#tracks.drop(id);
    this.version += 1;
  }

  #route(id) {
    const wire = this.#wires.get(id);
    const points = this.#assignTracks(this.#way(wire), wire);
    this.#routes.set(id, points);
    this.#bounds.set(id, boundsOf(points));
    this.#tracks.add(id, wire.key, points);
    this.version += 1;
  }

  #way({ from, to, far }) {
    if (
      !from.down &&
      Math.abs(from.y - to.y) < 0.5 &&
      to.x > from.x &&
      this.#clearAcross(from.y, from.x + LEAVE, to.x - ARRIVE)
    ) {
      return [from, to];
    }
    const out = from.down
      ? { x: from.x, y: from.y + LEAVE + 2, down: true }
      : { x: from.x + LEAVE, y: from.y };
    const into = { x: to.x - ARRIVE, y: to.y };
    const middle = from.down ? null : this.#oneTurn(out, into);
    const path =
      middle ??
      (far ? this.#around(out, into, true) : null) ??
      this.#around(out, into, false) ??
      fallback(out, into);
    return simplify([from, ...path, to]);
  }

  /** The common case: sideways, once up or down, sideways. */
  #oneTurn(out, into) {
    if (out.x > into.x) return null;
    for (const x of [(out.x + into.x) / 2, out.x, into.x]) {
      if (
        !this.#clearAcross(out.y, out.x, x) ||
        !this.#clearAlong(x, out.y, into.y) ||
        !this.#clearAcross(into.y, x, into.x)
      )
        continue;
      const path = [out, { x, y: out.y }, { x, y: into.y }, into];
      return this.#staysHome(path) ? path : null;
    }
    return null;
  }

  /** Whether a path keeps to the lanes that its ends lie in, and the room outside of all. */
  #staysHome(path) {
    for (const id of this.#lanes.query(boundsOf(path))) {
      const lane = this.#lanes.rects.get(id);
      if (!inside(lane, path[0]) && !inside(lane, path.at(-1)) && crosses(path, lane)) return false;
    }
    return true;
  }

  #around(out, into, far) {
    for (const margin of WINDOWS) {
      const area = grow(boxOf([out, into]), margin);
      const { obstacles, lanes } = this.#between(area, out, into, far);
      const path = findPath(out, into, obstacles, lanes);
      if (
        path &&
        path.every((p) => p.x >= area.l && p.x <= area.r && p.y >= area.t && p.y <= area.b)
      )
        return path;
      if (obstacles.length > OBSTACLES_MAX) return path;
    }
    return null;
  }

  /** What a way through an area has to go round, and what it would rather not run through. */
  #between(area, out, into, far) {
    const lanes = [...this.#lanes.query(area)]
      .map((id) => this.#lanes.rects.get(id))
      // A wire within one section has nothing to gain outside of it.
      .filter((lane) => !inside(lane, out) || !inside(lane, into));
    const strange = far ? lanes.filter((lane) => !inside(lane, out) && !inside(lane, into)) : [];
    const obstacles = [...strange];
    for (const id of this.#obstacles.query(area)) {
      const rect = this.#obstacles.rects.get(id);
      if (inside(rect, out) || inside(rect, into) || strange.some((lane) => overlaps(lane, rect)))
        continue;
      obstacles.push(rect);
      if (obstacles.length > OBSTACLES_MAX) break;
    }
    return { obstacles, lanes: far ? lanes.filter((lane) => !strange.includes(lane)) : lanes };
  }

  #clearAcross(y, x1, x2) {
    return !this.#obstacles.touches({
      l: Math.min(x1, x2),
      r: Math.max(x1, x2),
      t: y - 0.1,
      b: y + 0.1,
    });
  }

  #clearAlong(x, y1, y2) {
    return !this.#obstacles.touches({
      l: x - 0.1,
      r: x + 0.1,
      t: Math.min(y1, y2),
      b: Math.max(y1, y2),
    });
  }

  /** Shifts each inner stretch within its gutter to the track with the fewest conflicts. */
  #assignTracks(points, wire) {
    const last = points.length - 2;
    for (let i = 1; i < last; i += 1) {
      const a = points[i];
      const b = points[i + 1];
      const upright = a.x === b.x;
      const axis = upright ? "x" : "y";
      const gutter = this.#gutter(
        a,
        b,
        upright,
        i === 1 && upright ? wire.from : null,
        i === last - 1 && upright ? wire.to : null,
      );
      if (gutter.high - gutter.low < 1) continue;
      const home = homeOf(a[axis], gutter);
      let best = a[axis];
      let bestScore = Infinity;
      for (const at of this.#choices(home, gutter, upright, wire.key, a, b)) {
        const score =
          this.#score(points, i, upright, at, wire.key) +
          outOfPlace(at, gutter) +
          Math.abs(at - home) * 0.12;
        if (score < bestScore) {
          bestScore = score;
          best = at;
        }
      }
      points[i] = { ...a, [axis]: best };
      points[i + 1] = { ...b, [axis]: best };
    }
    return points;
  }

  /**
   * How far a stretch can shift: at most from `low` to `high`, where cards stand, and rather
   * within `calm`, on its side of the lanes' outlines, and not on one of these `edges`.
   */
  #gutter(a, b, upright, from, to) {
    const [axis, cross] = upright ? ["x", "y"] : ["y", "x"];
    const [near, far] = upright ? ["l", "r"] : ["t", "b"];
    const [start, end] = upright ? ["t", "b"] : ["l", "r"];
    const at = a[axis];
    let low = at - REACH;
    let high = at + REACH;
    const area = {
      [near]: low,
      [far]: high,
      [start]: Math.min(a[cross], b[cross]),
      [end]: Math.max(a[cross], b[cross]),
    };
    for (const id of this.#obstacles.query(area)) {
      const rect = this.#obstacles.rects.get(id);
      if (rect[far] <= at + 0.01) low = Math.max(low, rect[far]);
      else if (rect[near] >= at - 0.01) high = Math.min(high, rect[near]);
      else return { low: at, high: at };
    }
    if (from && !from.down) low = Math.max(low, from.x + LEAVE);
    if (to) high = Math.min(high, to.x - ARRIVE);
    const edges = [];
    for (const id of this.#lanes.query(area)) {
      const rect = this.#lanes.rects.get(id);
      edges.push(rect[near] + LANE_CLEAR, rect[far] - LANE_CLEAR);
    }
    const calm = {
      low: Math.max(low, ...edges.filter((edge) => edge <= at).map((edge) => edge + LANE_INNER)),
      high: Math.min(high, ...edges.filter((edge) => edge > at).map((edge) => edge - LANE_INNER)),
    };
    return { low, high, calm: calm.low <= calm.high ? calm : { low, high }, edges };
  }

  #choices(home, { low, high, calm }, upright, key, a, b) {
    const choices = new Set([home, calm.low, calm.high]);
    for (let i = 1; i <= CANDIDATES; i += 1) {
      const shift = Math.ceil(i / 2) * TRACK * (i % 2 ? 1 : -1);
      if (home + shift >= low && home + shift <= high) choices.add(home + shift);
    }
    for (const at of this.#tracks.sharedTracks(upright, key, low, high, a, b)) choices.add(at);
    return choices;
  }

  #score(points, i, upright, at, key) {
    const axis = upright ? "x" : "y";
    const moved = [
      points[i - 1],
      { ...points[i], [axis]: at },
      { ...points[i + 1], [axis]: at },
      points[i + 2],
    ];
    let score = 0;
    for (let k = 1; k < moved.length; k += 1) {
      const weight = k === 2 ? 1 : 0.5;
      const { conflicts, shared } = this.#tracks.clashes(moved[k - 1], moved[k], key, TRACK);
      score += conflicts * CONFLICT * weight + (shared ? SHARED : 0);
      this.#tracks.crossing(moved[k - 1], moved[k], (other) => {
        if (other.key !== key) score += CROSSING;
      });
    }
    return score;
  }
}

function homeOf(at, { calm: { low, high } }) {
  if (high - low <= WIDE) return (low + high) / 2;
  return Math.min(Math.max(at, low + TRACK), high - TRACK);
}

function outOfPlace(at, { calm, edges }) {
  const onEdge = edges.some((edge) => Math.abs(edge - at) < LANE_INNER);
  return (at < calm.low || at > calm.high ? BEYOND : 0) + (onEdge ? ON_EDGE : 0);
}

function isSeen({ from, to }, area) {
  return holds(area, from.x, from.y) || holds(area, to.x, to.y);
}

const span = ({ from, to }) => Math.abs(from.x - to.x) + Math.abs(from.y - to.y);

const inside = (rect, p) => p.x > rect.l && p.x < rect.r && p.y > rect.t && p.y < rect.b;

function fallback(out, into) {
  const x = out.x <= into.x ? (out.x + into.x) / 2 : out.x;
  const y = out.x <= into.x ? into.y : (out.y + into.y) / 2;
  return [out, { x, y: out.y }, { x, y }, { x: into.x, y }, into];
}

function boxOf(points) {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return { l: Math.min(...xs), r: Math.max(...xs), t: Math.min(...ys), b: Math.max(...ys) };
}

/** A box that is not empty where all points are on one line. */
function boundsOf(points) {
  const { l, t, r, b } = boxOf(points);
  return { l, t, r: r + 0.1, b: b + 0.1 };
}

function crosses(points, area) {
  return points.some((b, i) => {
    if (i === 0) return false;
    const a = points[i - 1];
    return (
      Math.max(a.x, b.x) > area.l &&
      Math.min(a.x, b.x) < area.r &&
      Math.max(a.y, b.y) > area.t &&
      Math.min(a.y, b.y) < area.b
    );
  });
}

/** Drops repeated points and points in the middle of a straight stretch. */
export function simplify(points) {
  const kept = [];
  for (const p of points) {
    const last = kept.at(-1);
    if (last && last.x === p.x && last.y === p.y) continue;
    const before = kept.at(-2);
    if (
      before &&
      ((before.x === last.x && last.x === p.x) || (before.y === last.y && last.y === p.y))
    )
      kept.pop();
    kept.push({ x: p.x, y: p.y });
  }
  return kept;
}
