import { levelOf } from "./levels.js";
import { lookOf, signOf, wireLook } from "./marks.js";
import { INPUT_Y } from "./model.js";
import { grow, overlaps, rectOf } from "./spatial.js";
import { STUB_LINE } from "./wiring.js";

const CARD_R = 10;
const LANE_R = 16;
const HALO = 6;
const HALO_REACH = 7;
const START_LINE = 20;
const LABEL = { h: 20, pad: 8 };
const LABEL_FONT = "500 12px";

/** Draws everything that is not in the DOM. One call paints one frame. */
export class Painter {
  #canvas;
  #g;
  theme;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#g = canvas.getContext("2d");
  }

  /** `state`: {selectedNodes, selectedWires, hoverWire, dropWire, light, mounted, draft}. */
  paint({ model, wiring, viewport, size, state, words }) {
    const { x, y, zoom } = viewport;
    this.#prepare(size, viewport);
    const view = {
      l: -x / zoom,
      t: -y / zoom,
      r: (size.width - x) / zoom,
      b: (size.height - y) / zoom,
    };
    const frame = { model, wiring, zoom, view, state, words, level: levelOf(zoom), px: 1 / zoom };
    if (frame.level === "cards") {
      this.#lanes(frame);
      this.#start(frame);
      this.#wires(frame);
      this.#unmounted(frame);
    } else if (frame.level === "tiles") {
      this.#sectionCards(frame);
      this.#wires(frame);
      this.#tiles(frame);
      this.#sectionNames(frame);
    } else {
      this.#wires(frame);
      this.#sectionCards(frame);
      this.#sectionNames(frame);
    }
    if (state.draft) this.#draft(state.draft, frame);
  }

  #prepare({ width, height }, { x, y, zoom }) {
    const ratio = devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== w || this.#canvas.height !== h) {
      this.#canvas.width = w;
      this.#canvas.height = h;
    }
    const g = this.#g;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, w, h);
    g.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
    g.lineCap = "butt";
    g.lineJoin = "round";
  }

  #lanes({ model, view }) {
    const { theme } = this;
    for (const [id, box] of model.boxes) {
      if (!overlaps(box, view)) continue;
      if (model.sections.get(id).folded) {
        this.#box(grow(box, 0), LANE_R, theme.surface, theme.laneLine, 1, 3);
      } else {
        this.#box(box, LANE_R, theme.lane, theme.laneLine, 1);
      }
    }
  }

  /** From the round start mark, which is in the DOM, to the first card. */
  #start({ model, state }) {
    const entry = model.nodes.get(model.entry);
    if (!entry || !model.isShown(entry)) return;
    const g = this.#g;
    const travelled = state.light?.blocks.has(entry.id);
    g.strokeStyle = travelled ? this.theme.wireLit : this.theme.wire;
    g.lineWidth = travelled ? 2.5 : 1.5;
    g.beginPath();
    g.moveTo(entry.x - START_LINE, entry.y + INPUT_Y);
    g.lineTo(entry.x, entry.y + INPUT_Y);
    g.stroke();
    this.#arrow({ x: entry.x, y: entry.y + INPUT_Y }, g.strokeStyle, 1);
  }

  #sectionCards({ model, view, px, level, state }) {
    const { theme } = this;
    const round = Math.max(LANE_R, 6 * px);
    for (const [id, box] of model.boxes) {
      if (!overlaps(box, view)) continue;
      const { folded } = model.sections.get(id);
      this.#box(
        box,
        Math.min(round, (box.b - box.t) / 2),
        theme.surface,
        theme.lineStrong,
        px,
        folded ? 3 * px : 0,
      );
    }
    if (level !== "sections") return;
    for (const id of state.selectedNodes) {
      const box = model.boxes.get(model.nodes.get(id)?.section);
      if (box) this.#box(box, round, null, theme.accentInk, 2 * px);
    }
  }

  #sectionNames({ model, view, zoom, px, level, words }) {
    const { theme } = this;
    const g = this.#g;
    const size = 12 * px;
    g.textBaseline = "middle";
    for (const [id, box] of model.boxes) {
      const room = (box.r - box.l) * zoom - 16;
      if (room < 30 || !overlaps(box, view)) continue;
      const section = model.sections.get(id);
      g.font = `600 ${size}px ${theme.mono}`;
      const name = this.#cut(section.label, room * px);
      if (!name) continue;
      const width = g.measureText(name).width;
      if (level === "tiles" && !section.folded) {
        // The name sits on the outline, so that it keeps its size and covers no tile.
        const tab = {
          l: box.l + 8 * px,
          t: box.t - 14 * px,
          r: box.l + 8 * px + width + 12 * px,
          b: box.t + 4 * px,
        };
        this.#box(tab, 9 * px, theme.surface, theme.lineStrong, px);
        g.fillStyle = theme.ink1;
        g.fillText(name, tab.l + 6 * px, box.t - 4.5 * px);
        continue;
      }
      const tall = (box.b - box.t) * zoom;
      const middle = (box.t + box.b) / 2;
      g.fillStyle = theme.ink1;
      g.fillText(name, box.l + 8 * px, tall > 40 ? middle - 8 * px : middle);
      if (tall <= 40) continue;
      g.font = `400 ${11 * px}px ${theme.ui}`;
      g.fillStyle = theme.ink3;
      g.fillText(this.#cut(words.count(section.count), room * px), box.l + 8 * px, middle + 9 * px);
    }
  }

  #tiles({ model, view, px, state }) {
    const { theme } = this;
    const g = this.#g;
    for (const id of model.index.query(view)) {
      const node = model.nodes.get(id);
      const rect = rectOf(node);
      const { ink, tint } = theme.category[node.category];
      const mark = state.marks?.blocks[id];
      const look = lookOf(mark);
      const quiet = state.light ? !state.light.blocks.has(id) : state.marks?.quiet && !look;
      this.#box(
        rect,
        Math.min(CARD_R + px, 24),
        quiet ? theme.sunken : look ? theme[look.tint] : tint,
        quiet ? theme.lineStrong : look ? theme[look.ink] : ink,
        look ? 2 * px : px,
      );
      if (look) this.#sign(rect, mark, theme[look.ink], px);
      const now = state.light?.now === id;
      if (now || state.selectedNodes.has(id) || id === state.dropNode) {
        this.#box(
          grow(rect, 3 * px),
          CARD_R + 4 * px,
          null,
          now ? theme.wireLit : theme.accentInk,
          2 * px,
        );
      }
      if (node.problem) {
        g.beginPath();
        g.arc(rect.r, rect.t, 5 * px, 0, 2 * Math.PI);
        g.fillStyle = node.problem.level === "error" ? theme.bad : theme.warn;
        g.fill();
        g.lineWidth = 2 * px;
        g.strokeStyle = theme.surface;
        g.stroke();
      }
    }
  }

  /** What a mark says where cards are too small for words. */
  #sign(rect, mark, colour, px) {
    const sign = mark.count ?? signOf(mark);
    if (!sign) return;
    const g = this.#g;
    g.font = `600 ${13 * px}px ${this.theme.ui}`;
    g.textBaseline = "middle";
    g.textAlign = "center";
    g.fillStyle = colour;
    g.fillText(sign, (rect.l + rect.r) / 2, (rect.t + rect.b) / 2);
    g.textAlign = "start";
  }

  /** Stand-ins for cards that the DOM has not mounted yet. */
  #unmounted({ model, view, state }) {
    const { theme } = this;
    const g = this.#g;
    for (const id of model.index.query(view)) {
      if (state.mounted.has(id)) continue;
      const node = model.nodes.get(id);
      const { ink, tint } = theme.category[node.category];
      this.#box(rectOf(node), CARD_R, theme.surface, theme.line, 1);
      this.#box(
        { l: node.x + 10, t: node.y + 10, r: node.x + 34, b: node.y + 34 },
        5,
        tint,
        null,
        0,
      );
      g.textBaseline = "middle";
      g.font = `600 11px ${theme.ui}`;
      g.fillStyle = ink;
      g.fillText(this.#cut(node.label.toUpperCase(), node.w - 60), node.x + 44, node.y + 22);
      g.font = `600 14px ${theme.ui}`;
      g.fillStyle = theme.ink1;
      g.fillText(this.#cut(node.title, node.w - 24), node.x + 12, node.y + 46);
    }
  }

  #wires(frame) {
    const { model, wiring, view, state, level } = frame;
    const labels = [];
    const layers = [[], [], [], []];
    for (const id of wiring.idsIn(view)) {
      const wire = model.wires.get(id);
      let look = this.look(wire, state);
      const leaves =
        model.nodes.get(wire.source)?.section !== model.nodes.get(wire.target)?.section;
      if (level === "sections" && (!leaves || (wire.faint && look.rank < 2))) continue;
      // Within a section the order of the tiles says as much.
      if (level === "tiles" && look.rank === 1 && !leaves)
        look = { ...look, rank: 0, colour: this.theme.wireFaint };
      layers[look.rank].push({ id, wire, look });
    }
    for (const layer of layers) {
      for (const bunch of bunches(layer).values()) {
        const drawn = [];
        for (const { id, wire, look } of bunch) {
          const route = wiring.view(id);
          if (!route) continue;
          const isWhole = !route.stub || look.expanded || (level !== "cards" && !wire.faint);
          if (!isWhole || !route.path) {
            if (level === "cards") this.#stub(route, look, wire.faint);
            continue;
          }
          drawn.push({ id, route });
          if (level === "cards" && route.label) labels.push({ wire, look, label: route.label });
        }
        if (drawn.length) this.#bunch(drawn, bunch[0].look, frame);
      }
    }
    this.#labels(labels, frame);
    if (level === "cards" && state.marks && !state.light) this.#counts(frame);
  }

  /** What marks say of wires, at their beginnings. */
  #counts({ model, wiring, view, state }) {
    const g = this.#g;
    const { theme } = this;
    g.font = `600 11px ${theme.ui}`;
    g.textBaseline = "middle";
    for (const id of wiring.idsIn(view)) {
      const mark = state.marks.wires[id];
      const said = mark?.count ?? mark?.text;
      const from = said && model.wires.has(id) && wiring.view(id)?.from;
      if (!from) continue;
      const [x, y] = [from.x + 8, from.y + (from.down ? 12 : -9)];
      const width = g.measureText(said).width;
      this.#box({ l: x - 3, t: y - 7, r: x + width + 3, b: y + 7 }, 7, theme.surface, null, 0);
      g.fillStyle = theme[lookOf(mark).ink];
      g.fillText(said, x, y + 0.5);
    }
  }

  /**
   * How a wire is drawn. Rank is its layer: 0 faint, 1 plain, 2 selected or hovered, 3 travelled.
   * A far wire is a stub until it is expanded.
   */
  look(wire, state) {
    const { theme } = this;
    const { light, marks } = state;
    if (!light && marks) {
      const look = wireLook(marks, wire, theme);
      if (look) return look;
    }
    if (light) {
      if (light.wires.has(wire.id))
        return { rank: 3, colour: theme.wireLit, width: 2.5, expanded: true };
      return { rank: 0, colour: theme.wireFaint, width: 1.5, dash: wire.faint };
    }
    const active = state.selectedWires.has(wire.id) || state.dropWire === wire.id;
    const outgoing = state.selectedNodes.has(wire.source);
    const hovered = state.hoverWire === wire.id;
    if (active || (outgoing && !wire.faint)) {
      return {
        rank: 2,
        colour: theme.accentInk,
        width: active ? 2.5 : 2,
        expanded: active || hovered,
      };
    }
    if (outgoing || hovered)
      return { rank: 2, colour: theme.wire, width: 2, dash: wire.faint, expanded: hovered };
    return wire.faint
      ? { rank: 0, colour: theme.wireFaint, width: 1.5, dash: true }
      : { rank: 1, colour: theme.wire, width: 1.5 };
  }

  /** Wires to one target in one stroke: where they share a stretch, it is not painted twice. */
  #bunch(drawn, look, { wiring, zoom, px, level }) {
    const g = this.#g;
    const path = new Path2D();
    for (const { id, route } of drawn) {
      if (level === "cards" && look.rank > 0) this.#halos(wiring.crossings(id));
      path.addPath(route.path);
    }
    // Zoomed out, a line keeps about a pixel, or a whole flow turns grey.
    g.lineWidth = level === "cards" ? look.width : Math.max(look.width, (look.width - 0.5) * px);
    // Among sections only what is chosen or travelled has full colour: the rest is the ground.
    g.strokeStyle = level === "sections" && look.rank === 1 ? this.theme.wireFaint : look.colour;
    g.setLineDash(look.dash ? [3, 4] : []);
    g.stroke(path);
    g.setLineDash([]);
    if (zoom < 0.2) return;
    for (const { route } of drawn) this.#arrow(route.to, look.colour, level === "cards" ? 1 : 1.6);
  }

  #halos(points) {
    const g = this.#g;
    g.strokeStyle = this.theme.canvas;
    g.lineWidth = HALO;
    g.beginPath();
    for (const { x, y, across } of points) {
      g.moveTo(across ? x - HALO_REACH : x, across ? y : y - HALO_REACH);
      g.lineTo(across ? x + HALO_REACH : x, across ? y : y + HALO_REACH);
    }
    g.stroke();
  }

  #arrow({ x, y }, colour, scale) {
    const g = this.#g;
    g.beginPath();
    g.moveTo(x - 6.6 * scale, y - 3.4 * scale);
    g.lineTo(x, y);
    g.lineTo(x - 6.6 * scale, y + 3.4 * scale);
    g.closePath();
    g.fillStyle = colour;
    g.fill();
  }

  /** A far jump: a short line at each end; the name at the port is a button in the DOM. */
  #stub({ from, to, down }, look, faint) {
    const g = this.#g;
    g.lineWidth = look.width;
    g.strokeStyle = look.colour;
    g.setLineDash(look.dash ? [3, 4] : []);
    g.beginPath();
    g.moveTo(from.x, from.y);
    g.lineTo(down ? from.x : from.x + STUB_LINE, down ? from.y + STUB_LINE : from.y);
    if (!faint) {
      g.moveTo(to.x - STUB_LINE, to.y);
      g.lineTo(to.x, to.y);
    }
    g.stroke();
    g.setLineDash([]);
    if (!faint) this.#arrow(to, look.colour, 1);
  }

  #labels(entries, { model, wiring }) {
    const g = this.#g;
    const { theme } = this;
    const merged = new Map();
    for (const entry of entries) {
      const key = `${entry.wire.source}\n${entry.wire.target}`;
      if (merged.has(key)) merged.get(key).push(entry);
      else merged.set(key, [entry]);
    }
    g.font = `${LABEL_FONT} ${theme.ui}`;
    g.textBaseline = "middle";
    const taken = [];
    const told = new Set();
    for (const group of merged.values()) {
      if (group.length === 1 && !group[0].label.long) continue;
      const text = this.#merge(group, model);
      const width = g.measureText(text).width + 2 * LABEL.pad;
      const rectAt = ({ x, y }) => ({
        l: x - width / 2,
        t: y - LABEL.h / 2,
        r: x + width / 2,
        b: y + LABEL.h / 2,
      });
      const isFree = (rect) =>
        !wiring.isTaken(rect) && !taken.some((other) => overlaps(other, rect));
      const said = `${text}\n${group[0].wire.target}`;
      if (told.has(said)) continue;
      const place = group
        .flatMap(({ label }) => label.places)
        .sort((a, b) => b.worth - a.worth)
        .find((candidate) => candidate.room >= width + 16 && isFree(rectAt(candidate)));
      if (!place) continue;
      const rect = rectAt(place);
      taken.push(rect);
      told.add(said);
      const lit = group.some(({ look }) => look.rank >= 2 && !look.dash);
      this.#box(rect, LABEL.h / 2, theme.surface, lit ? theme.accentLine : theme.line, 1);
      g.fillStyle = lit ? theme.accentInk : theme.ink2;
      g.fillText(text, rect.l + LABEL.pad, place.y + 0.5);
    }
  }

  #merge(group, model) {
    const order = model.nodes.get(group[0].wire.source)?.ports.map((port) => port.id) ?? [];
    return group
      .toSorted((a, b) => order.indexOf(a.wire.port) - order.indexOf(b.wire.port))
      .map(({ label }) => label.text)
      .join(" · ");
  }

  #draft({ from, to, path, landed }, { px }) {
    const g = this.#g;
    const { theme } = this;
    g.strokeStyle = theme.accentInk;
    g.lineWidth = Math.max(2, 1.5 * px);
    g.setLineDash(landed ? [] : [5, 4]);
    g.stroke(path);
    g.setLineDash([]);
    if (landed) this.#arrow(to, theme.accentInk, 1);
    for (const point of landed ? [from] : [from, to]) {
      g.beginPath();
      g.arc(point.x, point.y, 4.5, 0, 2 * Math.PI);
      g.fillStyle = theme.accentInk;
      g.fill();
    }
  }

  #box(rect, radius, fill, stroke, width, stack = 0) {
    const g = this.#g;
    const trace = (by) => {
      g.beginPath();
      g.roundRect(rect.l + by, rect.t + by, rect.r - rect.l, rect.b - rect.t, Math.max(0, radius));
    };
    if (stack) {
      trace(stack);
      this.#ink(fill, stroke, width);
    }
    trace(0);
    this.#ink(fill, stroke, width);
  }

  #ink(fill, stroke, width) {
    const g = this.#g;
    if (fill) {
      g.fillStyle = fill;
      g.fill();
    }
    if (stroke) {
      g.strokeStyle = stroke;
      g.lineWidth = width;
      g.stroke();
    }
  }

  #cut(text, room) {
    const g = this.#g;
    if (g.measureText(text).width <= room) return text;
    for (let length = text.length - 1; length > 1; length -= 1) {
      const cut = `${text.slice(0, length)}…`;
      if (g.measureText(cut).width <= room) return cut;
    }
    return "";
  }
}

/** Wires of one layer by target and look, in the order in which they come. */
function bunches(layer) {
  const found = new Map();
  for (const entry of layer) {
    const key = `${entry.wire.target}\n${entry.look.colour}\n${entry.look.width}\n${Boolean(entry.look.dash)}`;
    if (found.has(key)) found.get(key).push(entry);
    else found.set(key, [entry]);
  }
  return found;
}
