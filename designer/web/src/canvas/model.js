import { RectIndex, rectOf, union } from "./spatial.js";

const LANE = { l: 24, t: 40, r: 24, b: 24 };
const START_SPACE = 48;
const FOLDED = { w: 260, h: 36 };
export const INPUT_Y = 22;
const FOLDED_Y = FOLDED.h / 2;

/** The document as the server sent it, with what drawing needs to find quickly. Not reactive. */
export class Model {
  nodes = new Map();
  wires = new Map();
  sections = new Map();
  entry = null;
  index = new RectIndex();
  #outgoing = new Map();
  #incoming = new Map();
  #boxes = null;

  load(doc) {
    this.nodes.clear();
    this.wires.clear();
    this.sections.clear();
    this.#outgoing.clear();
    this.#incoming.clear();
    this.index.clear();
    this.patch(doc);
  }

  /** Applies a change; returns the ids of the blocks that look or stand differently. */
  patch({
    nodes = [],
    wires = [],
    drop_nodes = [],
    drop_wires = [],
    sections = [],
    drop_sections = [],
    entry,
  }) {
    for (const id of drop_wires) this.#dropWire(id);
    for (const id of drop_nodes) {
      this.nodes.delete(id);
      this.index.delete(id);
    }
    for (const id of drop_sections) this.sections.delete(id);
    for (const node of nodes) this.nodes.set(node.id, node);
    const refolded = this.#putSections(sections);
    const touched = new Set(nodes.map((node) => node.id));
    if (refolded.size)
      for (const node of this.nodes.values()) if (refolded.has(node.section)) touched.add(node.id);
    for (const wire of wires) {
      this.#dropWire(wire.id);
      this.wires.set(wire.id, wire);
      add(this.#outgoing, wire.source, wire.id);
      add(this.#incoming, wire.target, wire.id);
    }
    if (entry !== undefined) this.entry = entry;
    this.#boxes = null;
    for (const id of touched) this.#index(this.nodes.get(id));
    return touched;
  }

  move(id, x, y) {
    const node = this.nodes.get(id);
    node.x = x;
    node.y = y;
    this.#boxes = null;
    if (this.isShown(node)) this.index.set(id, rectOf(node));
  }

  isShown(node) {
    return !this.sections.get(node.section)?.folded;
  }

  wiresOf(id) {
    return [...this.outgoing(id), ...this.incoming(id)];
  }

  outgoing(id) {
    return [...(this.#outgoing.get(id) ?? [])];
  }

  incoming(id) {
    return [...(this.#incoming.get(id) ?? [])];
  }

  wireAtPort(id, port) {
    return this.outgoing(id).find((wire) => this.wires.get(wire).port === port) ?? null;
  }

  /** Where a wire starts and ends, or null when it is not to be drawn. */
  endsOf(wire) {
    const source = this.nodes.get(wire.source);
    const target = this.nodes.get(wire.target);
    if (!source || !target) return null;
    const folded = [source, target].map((node) => (this.isShown(node) ? null : node.section));
    if (folded[0] !== null && folded[0] === folded[1]) return null;
    const from =
      folded[0] === null ? this.portPoint(source, wire.port) : rightOf(this.boxes.get(folded[0]));
    const to =
      folded[1] === null
        ? { x: target.x, y: target.y + INPUT_Y }
        : leftOf(this.boxes.get(folded[1]));
    return from && { from, to, key: folded[1] === null ? target.id : `section ${folded[1]}` };
  }

  portPoint(node, portId) {
    const port = node.ports.find((candidate) => candidate.id === portId);
    return port && { x: node.x + port.x, y: node.y + port.y, down: port.role === "error" };
  }

  /** Outline of each section: around its cards, or one row when it is folded. */
  get boxes() {
    this.#boxes ??= this.#measureSections();
    return this.#boxes;
  }

  bounds() {
    const rects = [...this.boxes.values()];
    for (const node of this.nodes.values())
      if (!this.sections.has(node.section)) rects.push(rectOf(node));
    return union(rects);
  }

  #measureSections() {
    const members = new Map();
    for (const node of this.nodes.values()) {
      const rect = rectOf(node);
      if (node.id === this.entry) rect.l -= START_SPACE;
      add(members, node.section, rect);
    }
    const boxes = new Map();
    for (const section of this.sections.values()) {
      const around = union(members.get(section.id) ?? []);
      if (!around) continue;
      const box = {
        l: around.l - LANE.l,
        t: around.t - LANE.t,
        r: around.r + LANE.r,
        b: around.b + LANE.b,
      };
      boxes.set(
        section.id,
        section.folded ? { l: box.l, t: box.t, r: box.l + FOLDED.w, b: box.t + FOLDED.h } : box,
      );
    }
    return boxes;
  }

  #dropWire(id) {
    const wire = this.wires.get(id);
    if (!wire) return;
    this.#outgoing.get(wire.source)?.delete(id);
    this.#incoming.get(wire.target)?.delete(id);
    this.wires.delete(id);
  }

  #putSections(sections) {
    const refolded = new Set();
    for (const section of sections) {
      if (section.folded !== (this.sections.get(section.id)?.folded ?? false))
        refolded.add(section.id);
      this.sections.set(section.id, section);
    }
    return refolded;
  }

  #index(node) {
    if (this.isShown(node)) this.index.set(node.id, rectOf(node));
    else this.index.delete(node.id);
  }
}

function add(map, key, value) {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

const rightOf = (box) => box && { x: box.r, y: box.t + FOLDED_Y, down: false };
const leftOf = (box) => box && { x: box.l, y: box.t + FOLDED_Y };
