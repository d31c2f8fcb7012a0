import { lookOf } from "./marks.js";
import { rectOf } from "./spatial.js";

const PAD = 6;
const SMALL = { width: 120, height: 78 };
const LARGE = { width: 168, height: 100 };
const LARGE_FROM = 60;

/** A picture of the whole flow, kept until the flow changes, with the visible part outlined. */
export class Minimap {
  #canvas;
  #picture = document.createElement("canvas");
  #fit = null;
  #stale = true;

  constructor(canvas) {
    this.#canvas = canvas;
  }

  invalidate() {
    this.#stale = true;
  }

  paint({ model, viewport, size, state, theme }) {
    const ratio = devicePixelRatio || 1;
    const { width, height } = model.nodes.size > LARGE_FROM ? LARGE : SMALL;
    if (this.#canvas.width !== width * ratio || this.#canvas.height !== height * ratio) {
      Object.assign(this.#canvas, { width: width * ratio, height: height * ratio });
      Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` });
      this.#stale = true;
    }
    if (this.#stale) this.#draw(model, state, theme, width, height, ratio);
    const g = this.#canvas.getContext("2d");
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!this.#fit) return;
    g.drawImage(this.#picture, 0, 0);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { scale, x, y } = this.#fit;
    const { zoom } = viewport;
    const l = Math.max(1.5, (-viewport.x / zoom) * scale + x);
    const t = Math.max(1.5, (-viewport.y / zoom) * scale + y);
    const r = Math.min(width - 1.5, ((size.width - viewport.x) / zoom) * scale + x);
    const b = Math.min(height - 1.5, ((size.height - viewport.y) / zoom) * scale + y);
    g.beginPath();
    g.roundRect(l, t, Math.max(6, r - l), Math.max(6, b - t), 5);
    g.strokeStyle = theme.accentInk;
    g.lineWidth = 1.5;
    g.stroke();
  }

  /** The canvas point under a point of the minimap. */
  pointAt(event) {
    const box = this.#canvas.getBoundingClientRect();
    const { scale, x, y } = this.#fit;
    return { x: (event.clientX - box.left - x) / scale, y: (event.clientY - box.top - y) / scale };
  }

  #draw(model, state, theme, width, height, ratio) {
    this.#stale = false;
    Object.assign(this.#picture, { width: width * ratio, height: height * ratio });
    const bounds = model.bounds();
    this.#fit = null;
    if (!bounds) return;
    const [w, h] = [bounds.r - bounds.l, bounds.b - bounds.t];
    const scale = Math.min((width - 2 * PAD) / w, (height - 2 * PAD) / h);
    const x = (width - w * scale) / 2 - bounds.l * scale;
    const y = (height - h * scale) / 2 - bounds.t * scale;
    this.#fit = { scale, x, y };
    const g = this.#picture.getContext("2d");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const [id, box] of model.boxes) {
      if (!model.sections.get(id).folded) continue;
      g.fillStyle = theme.lineStrong;
      g.fillRect(
        box.l * scale + x,
        box.t * scale + y,
        (box.r - box.l) * scale,
        Math.max(1.5, (box.b - box.t) * scale),
      );
    }
    for (const node of model.nodes.values()) {
      if (!model.isShown(node)) continue;
      const { l, t, r, b } = rectOf(node);
      const look = lookOf(state.marks?.blocks[node.id]);
      const stands = look || state.selectedNodes.has(node.id) || state.light?.now === node.id;
      g.globalAlpha = stands ? 0.85 : state.marks?.quiet ? 0.15 : 0.4;
      g.fillStyle = look ? theme[look.ink] : theme.category[node.category].ink;
      g.beginPath();
      g.roundRect(
        l * scale + x,
        t * scale + y,
        Math.max(1.5, (r - l) * scale),
        Math.max(1.5, (b - t) * scale),
        Math.min(2, 10 * scale * 2),
      );
      g.fill();
    }
    g.globalAlpha = 1;
  }
}
