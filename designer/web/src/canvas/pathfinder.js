import { Heap } from "./heap.js";

const BEND = 44;
const IN_LANE = 1.6;
const BLOCKED = 1;
const LANE = 2;
const heap = new Heap();

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
  // What lies between a grid point and the next one, to the right and downwards.
  const right = new Uint8Array(nx * ny);
  const down = new Uint8Array(nx * ny);
  const fill = (rect, bit) => {
    const [l, r] = [indexOf(xs, rect.l), indexOf(xs, rect.r)];
    const [t, b] = [indexOf(ys, rect.t), indexOf(ys, rect.b)];
    for (let x = l; x <= r; x += 1) {
      for (let y = t; y <= b; y += 1) {
        if (x < r && y > t && y < b) right[y * nx + x] |= bit;
        if (y < b && x > l && x < r) down[y * nx + x] |= bit;
      }
    }
  };
  for (const rect of lanes) fill(rect, LANE);
  for (const rect of obstacles) fill(rect, BLOCKED);
  // A state is a grid point and how it was reached: even sideways, odd up or down.
  const cost = new Float64Array(nx * ny * 2).fill(Infinity);
  const came = new Int32Array(nx * ny * 2).fill(-1);
  const start = indexOf(ys, from.y) * nx + indexOf(xs, from.x);
  const goal = indexOf(ys, to.y) * nx + indexOf(xs, to.x);
  const guess = (point) => Math.abs(xs[point % nx] - to.x) + Math.abs(ys[(point / nx) | 0] - to.y);
  heap.clear();
  const first = start * 2 + (from.down ? 1 : 0);
  cost[first] = 0;
  heap.push(first, guess(start));

  const step = (state, point, upright, between, distance) => {
    if (between & BLOCKED) return;
    const next = point * 2 + upright;
    const length = between & LANE ? distance * IN_LANE : distance;
    const total = cost[state] + length + ((state & 1) === upright ? 0 : BEND);
    if (total >= cost[next]) return;
    cost[next] = total;
    came[next] = state;
    const turn = point === goal && upright ? BEND : 0;
    heap.push(next, total + guess(point) + turn);
  };

  while (heap.size) {
    const state = heap.pop();
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

function lines(given, obstacles, low, high) {
  const all = [...given];
  for (const o of obstacles) all.push(o[low], o[high]);
  all.sort((a, b) => a - b);
  return all.filter((value, i) => i === 0 || value !== all[i - 1]);
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
