import { Heap } from "./heap.js";

const BEND = 44;
const IN_LANE = 1.6;
const BLOCKED = 1;
const LANE = 2;
const heap = new Heap();

/** What a search writes to. There is one, so that a thousand searches leave nothing to collect. */
const board = { size: 0 };

/**
 * The cheapest right-angled path from `from` to `to` around `obstacles`, on the sparse grid
 * spanned by their edges and those of `lanes`, through which a way counts for longer.
 * `from.down` says that the first move is vertical. Returns corner points including both ends,
 * or null.
 */
export function findPath(from, to, obstacles, lanes) {
  const rects = [...obstacles, ...lanes];
  const xs = lines([from.x, to.x], rects, "l", "r");
  const ys = lines([from.y, to.y], rects, "t", "b");
  const nx = xs.length;
  const ny = ys.length;
  const { right, down, cost, came, done } = cleared(nx * ny);
  for (const rect of lanes) mark(rect, LANE, xs, ys, right, down);
  for (const rect of obstacles) mark(rect, BLOCKED, xs, ys, right, down);
  const start = indexOf(ys, from.y) * nx + indexOf(xs, from.x);
  const goal = indexOf(ys, to.y) * nx + indexOf(xs, to.x);
  const farAcross = xs.map((x) => Math.abs(x - to.x));
  const farDown = ys.map((y) => Math.abs(y - to.y));
  // Never more than what is left: the way, and the bends without which it cannot end sideways.
  const guess = (point, upright) => {
    const below = farDown[(point / nx) | 0];
    return farAcross[point % nx] + below + (upright ? BEND : below ? 2 * BEND : 0);
  };

  const step = (state, point, upright, between, distance) => {
    if (between & BLOCKED) return;
    const next = point * 2 + upright;
    const length = between & LANE ? distance * IN_LANE : distance;
    const total = cost[state] + length + ((state & 1) === upright ? 0 : BEND);
    if (total >= cost[next]) return;
    cost[next] = total;
    came[next] = state;
    done[next] = 0;
    heap.push(next, total + guess(point, upright));
  };

  // A state is a grid point and how it was reached: even sideways, odd up or down.
  const first = start * 2 + (from.down ? 1 : 0);
  cost[first] = 0;
  came[first] = -1;
  heap.clear();
  heap.push(first, guess(start, first & 1));
  while (heap.size) {
    const state = heap.pop();
    if (done[state]) continue;
    done[state] = 1;
    const point = state >> 1;
    if (point === goal) return corners(state, came, xs, ys, nx);
    const x = point % nx;
    const y = (point / nx) | 0;
    if (x + 1 < nx) step(state, point + 1, 0, right[point], xs[x + 1] - xs[x]);
    // Neither the port nor the target may be reached or left against its direction.
    if (x > 0 && point !== start && point - 1 !== goal)
      step(state, point - 1, 0, right[point - 1], xs[x] - xs[x - 1]);
    if (y + 1 < ny) step(state, point + nx, 1, down[point], ys[y + 1] - ys[y]);
    if (y > 0) step(state, point - nx, 1, down[point - nx], ys[y] - ys[y - 1]);
  }
  return null;
}

function cleared(size) {
  if (board.size < size) {
    board.size = 2 * size;
    // What lies between a grid point and the next one, to the right and downwards.
    board.right = new Uint8Array(board.size);
    board.down = new Uint8Array(board.size);
    board.cost = new Float64Array(2 * board.size);
    board.came = new Int32Array(2 * board.size);
    board.done = new Uint8Array(2 * board.size);
  }
  board.right.fill(0, 0, size);
  board.down.fill(0, 0, size);
  board.cost.fill(Infinity, 0, 2 * size);
  board.done.fill(0, 0, 2 * size);
  return board;
}

function mark(rect, bit, xs, ys, right, down) {
  const nx = xs.length;
  const [l, r] = [indexOf(xs, rect.l), indexOf(xs, rect.r)];
  const [t, b] = [indexOf(ys, rect.t), indexOf(ys, rect.b)];
  for (let y = t; y <= b; y += 1) {
    if (y > t && y < b) for (let x = l; x < r; x += 1) right[y * nx + x] |= bit;
    if (y < b) for (let x = l + 1; x < r; x += 1) down[y * nx + x] |= bit;
  }
}

function lines(given, obstacles, low, high) {
  const all = Float64Array.from(given.concat(obstacles.flatMap((o) => [o[low], o[high]]))).sort();
  return Array.from(all.filter((value, i) => i === 0 || value !== all[i - 1]));
}

function indexOf(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function corners(state, came, xs, ys, nx) {
  const points = [];
  for (let at = state; at !== -1; at = came[at]) {
    const point = at >> 1;
    points.push({ x: xs[point % nx], y: ys[(point / nx) | 0] });
  }
  return points.reverse();
}
