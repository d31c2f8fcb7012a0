const BAND = 32;
const CHUNK = 512;

/** The stretches of all routed wires, by direction, by the line they run on and the part of it. */
export class TrackIndex {
  #across = new Map();
  #along = new Map();
  #byWire = new Map();
  #count = 0;
  #look = 0;

  clear() {
    this.#across.clear();
    this.#along.clear();
    this.#byWire.clear();
  }

  add(id, key, points) {
    const stretches = [];
    for (let i = 1; i < points.length; i += 1) {
      const { across, at, low, high } = stretch(points[i - 1], points[i]);
      const item = { id, key, at, low, high, number: (this.#count += 1), seen: 0 };
      const cells = across ? this.#across : this.#along;
      const band = bandOf(at);
      for (let chunk = chunkOf(low); chunk <= chunkOf(high); chunk += 1) {
        const cell = keyOf(band, chunk);
        if (!cells.has(cell)) cells.set(cell, new Set());
        cells.get(cell).add(item);
        stretches.push([cells.get(cell), item]);
      }
    }
    this.#byWire.set(id, stretches);
  }

  drop(id) {
    for (const [cell, item] of this.#byWire.get(id) ?? []) cell.delete(item);
    this.#byWire.delete(id);
  }

  /** Calls `each` with every stretch at right angles to a–b that passes through it. */
  crossing(a, b, each) {
    const { across, at, low, high } = stretch(a, b);
    const cells = across ? this.#along : this.#across;
    const chunk = chunkOf(at);
    const last = bandOf(high);
    for (let band = bandOf(low); band <= last; band += 1) {
      const cell = cells.get(keyOf(band, chunk));
      if (!cell) continue;
      for (const other of cell) {
        if (
          other.at > low + 1 &&
          other.at < high - 1 &&
          at > other.low + 1 &&
          at < other.high - 1
        )
          each(other, at, across);
      }
    }
  }

  /** Parallel stretches closer than a track: those of other keys conflict, those of one key share. */
  clashes(a, b, key, track) {
    const { across, at, low, high } = stretch(a, b);
    const cells = across ? this.#across : this.#along;
    const look = (this.#look += 1);
    let others = 0;
    let near = 0;
    let shared = false;
    for (let band = bandOf(at - track); band <= bandOf(at + track); band += 1) {
      for (let chunk = chunkOf(low - track / 2); chunk <= chunkOf(high + track / 2); chunk += 1) {
        const cell = cells.get(keyOf(band, chunk));
        if (!cell) continue;
        for (const other of cell) {
          if (other.seen === look) continue;
          other.seen = look;
          const distance = Math.abs(other.at - at);
          if (
            distance >= track - 0.01 ||
            other.low >= high + track / 2 ||
            other.high <= low - track / 2
          )
            continue;
          if (other.key !== key) others += 1;
          else if (distance < 0.01) shared = true;
          else near += 1;
        }
      }
    }
    return { conflicts: others + near * 0.2, shared };
  }

  /** Lines between low and high on which a wire of the same key already runs beside a–b. */
  sharedTracks(upright, key, low, high, a, b) {
    const cells = upright ? this.#along : this.#across;
    const from = upright ? Math.min(a.y, b.y) : Math.min(a.x, b.x);
    const to = upright ? Math.max(a.y, b.y) : Math.max(a.x, b.x);
    const found = [];
    for (let band = bandOf(low); band <= bandOf(high); band += 1) {
      for (let chunk = chunkOf(from); chunk <= chunkOf(to); chunk += 1) {
        const cell = cells.get(keyOf(band, chunk));
        if (!cell) continue;
        for (const other of cell) {
          if (
            other.key === key &&
            other.at >= low &&
            other.at <= high &&
            other.low < to &&
            other.high > from
          )
            found.push(other);
        }
      }
    }
    // Of equally good tracks the first wins, so that they come in the same order every time.
    found.sort((one, other) => bandOf(one.at) - bandOf(other.at) || one.number - other.number);
    return new Set(found.map((other) => other.at));
  }
}

const bandOf = (at) => Math.floor(at / BAND);
const chunkOf = (at) => Math.floor(at / CHUNK);

/** As in the index of rectangles: cells far apart may share a key. */
const keyOf = (band, chunk) => ((band & 0x7fff) << 15) | (chunk & 0x7fff);

function stretch(a, b) {
  return a.y === b.y
    ? { across: true, at: a.y, low: Math.min(a.x, b.x), high: Math.max(a.x, b.x) }
    : { across: false, at: a.x, low: Math.min(a.y, b.y), high: Math.max(a.y, b.y) };
}
