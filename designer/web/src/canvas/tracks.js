const BAND = 32;

/** The stretches of all routed wires, by direction and by the line they run on. */
export class TrackIndex {
  #bands = { across: new Map(), along: new Map() };
  #byWire = new Map();

  clear() {
    this.#bands.across.clear();
    this.#bands.along.clear();
    this.#byWire.clear();
  }

  add(id, key, points) {
    const stretches = [];
    for (let i = 1; i < points.length; i += 1) {
      const { kind, at, low, high } = stretch(points[i - 1], points[i]);
      const item = { id, key, at, low, high };
      const bands = this.#bands[kind];
      const band = Math.floor(at / BAND);
      if (!bands.has(band)) bands.set(band, new Set());
      bands.get(band).add(item);
      stretches.push([bands.get(band), item]);
    }
    this.#byWire.set(id, stretches);
  }

  drop(id) {
    for (const [band, item] of this.#byWire.get(id) ?? []) band.delete(item);
    this.#byWire.delete(id);
  }

  /** Calls `each` with every stretch at right angles to a–b that passes through it. */
  crossing(a, b, each) {
    const { kind, at, low, high } = stretch(a, b);
    const bands = this.#bands[kind === "across" ? "along" : "across"];
    for (let band = Math.floor(low / BAND); band <= Math.floor(high / BAND); band += 1) {
      for (const other of bands.get(band) ?? []) {
        if (
          other.at > low + 1 &&
          other.at < high - 1 &&
          at > other.low + 1 &&
          at < other.high - 1
        ) {
          each(
            other,
            kind === "across"
              ? { x: other.at, y: at, across: true }
              : { x: at, y: other.at, across: false },
          );
        }
      }
    }
  }

  /** Parallel stretches closer than a track: those of other keys conflict, those of one key share. */
  clashes(a, b, key, track) {
    const { kind, at, low, high } = stretch(a, b);
    const bands = this.#bands[kind];
    let conflicts = 0;
    let shared = false;
    for (
      let band = Math.floor((at - track) / BAND);
      band <= Math.floor((at + track) / BAND);
      band += 1
    ) {
      for (const other of bands.get(band) ?? []) {
        const distance = Math.abs(other.at - at);
        if (
          distance >= track - 0.01 ||
          other.low >= high + track / 2 ||
          other.high <= low - track / 2
        )
          continue;
        if (other.key !== key) conflicts += 1;
        else if (distance < 0.01) shared = true;
        else conflicts += 0.2;
      }
    }
    return { conflicts, shared };
  }

  /** Lines between low and high on which a wire of the same key already runs beside a–b. */
  sharedTracks(upright, key, low, high, a, b) {
    const bands = this.#bands[upright ? "along" : "across"];
    const from = upright ? Math.min(a.y, b.y) : Math.min(a.x, b.x);
    const to = upright ? Math.max(a.y, b.y) : Math.max(a.x, b.x);
    const found = new Set();
    for (let band = Math.floor(low / BAND); band <= Math.floor(high / BAND); band += 1) {
      for (const other of bands.get(band) ?? []) {
        if (
          other.key === key &&
          other.at >= low &&
          other.at <= high &&
          other.low < to &&
          other.high > from
        )
          found.add(other.at);
      }
    }
    return found;
  }
}

function stretch(a, b) {
  return a.y === b.y
    ? { kind: "across", at: a.y, low: Math.min(a.x, b.x), high: Math.max(a.x, b.x) }
    : { kind: "along", at: a.x, low: Math.min(a.y, b.y), high: Math.max(a.y, b.y) };
}
