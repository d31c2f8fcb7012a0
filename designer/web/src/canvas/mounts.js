import { markRaw } from "vue";

const PER_FRAME = 8;

/**
 * Decides which cards are in the DOM. They come a few a frame, nearest to the middle first;
 * until then the 2D canvas draws stand-ins, so that no zoom or jump waits for them.
 */
export class Mounts {
  ids = new Set();
  #flow;
  #model;
  #describe;
  #changed;
  #wanted = new Set();
  #frame = 0;

  constructor({ flow, model, describe, changed }) {
    this.#flow = flow;
    this.#model = model;
    this.#describe = describe;
    this.#changed = changed;
  }

  /** `wanted` are ids in the order of their urgency; the first `atOnce` do not wait. */
  want(wanted, atOnce = 0) {
    this.#wanted = new Set(wanted);
    const gone = [...this.ids].filter((id) => !this.#wanted.has(id));
    if (gone.length) {
      for (const id of gone) this.ids.delete(id);
      this.#flow.removeNodes(gone, false);
    }
    this.#mount(Math.max(PER_FRAME, atOnce));
  }

  /** Takes over what the model now says about cards that are mounted. */
  refresh(ids) {
    for (const id of ids) {
      const card = this.ids.has(id) && this.#flow.findNode(id);
      const node = this.#model.nodes.get(id);
      if (!card || !node) continue;
      const { width, height, dimensions, domAttributes } = this.#card(node);
      Object.assign(card, { width, height, dimensions, domAttributes, data: markRaw({ node }) });
      card.style = { pointerEvents: "all", width: `${width}px`, height: `${height}px` };
      card.position = { x: node.x, y: node.y };
    }
  }

  reposition(ids) {
    for (const id of ids) {
      const card = this.ids.has(id) && this.#flow.findNode(id);
      const node = this.#model.nodes.get(id);
      if (card) card.position = { x: node.x, y: node.y };
    }
  }

  clear() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#wanted.clear();
    this.ids.clear();
    this.#flow.setNodes([]);
  }

  #mount(most) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const fresh = [];
    let waiting = false;
    for (const id of this.#wanted) {
      if (this.ids.has(id) || !this.#model.nodes.has(id)) continue;
      if (fresh.length === most) {
        waiting = true;
        break;
      }
      fresh.push(this.#card(this.#model.nodes.get(id)));
      this.ids.add(id);
    }
    if (fresh.length) {
      this.#flow.addNodes(fresh);
      this.#changed();
    }
    if (waiting) this.#frame = requestAnimationFrame(() => this.#mount(PER_FRAME));
  }

  #card(node) {
    return {
      id: node.id,
      type: "block",
      position: { x: node.x, y: node.y },
      width: node.w,
      height: node.h,
      // Vue Flow hides and measures whatever has no size yet.
      dimensions: { width: node.w, height: node.h },
      handleBounds: { source: [], target: [] },
      style: { pointerEvents: "all", width: `${node.w}px`, height: `${node.h}px` },
      data: markRaw({ node }),
      domAttributes: {
        tabindex: -1,
        role: "group",
        "aria-roledescription": this.#describe.role,
        "aria-label": this.#describe.label(node),
      },
    };
  }
}
