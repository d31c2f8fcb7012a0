import { snap } from "./gestures.js";
import { rectOf } from "./spatial.js";

const STEP = 8;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// A message to the server that is longer would be dropped on its way.
const PASTE_BYTES_MAX = 900_000;

/** Everything the canvas does by keyboard. Keys it does not know bubble on to the page. */
export function installKeyboard(canvas, gestures) {
  const { root, model, state, emit } = canvas;
  let leaving = false;

  const current = () => {
    const id = canvas.focused();
    if (model.nodes.has(id)) return id;
    return [...state.selectedNodes].find((other) => model.nodes.has(other)) ?? null;
  };

  /** Blocks in the order of the text: by section, then as the document lists them. */
  const order = () => {
    const rank = new Map([...model.sections.keys()].map((id, i) => [id, i]));
    return [...model.nodes.values()]
      .filter((node) => model.isShown(node))
      .sort((a, b) => (rank.get(a.section) ?? 1e9) - (rank.get(b.section) ?? 1e9))
      .map((node) => node.id);
  };

  const go = (id) => {
    if (!id || !model.isShown(model.nodes.get(id))) return false;
    canvas.choose([id], [], { focus: id, reveal: true });
    return true;
  };

  function walk(backwards) {
    const ids = order();
    const at = ids.indexOf(current());
    if (at === -1)
      return go(
        model.nodes.has(model.entry) && !backwards ? model.entry : ids.at(backwards ? -1 : 0),
      );
    return go(ids[at + (backwards ? -1 : 1)]);
  }

  const target = (wire) => model.wires.get(wire)?.target;

  function follow(id, dx, dy) {
    if (dx > 0) {
      for (const port of model.nodes.get(id).ports) {
        const wire = model.wireAtPort(id, port.id);
        if (wire) return go(target(wire));
      }
      return false;
    }
    if (dx < 0)
      return go(
        model.wires.get(
          model.incoming(id).find((wire) => !model.wires.get(wire).faint) ?? model.incoming(id)[0],
        )?.source,
      );
    return go(beside(id, dy));
  }

  /** The nearest card above or below. */
  function beside(id, dy) {
    const own = rectOf(model.nodes.get(id));
    const middle = (own.l + own.r) / 2;
    let best = null;
    let bestDistance = Infinity;
    for (const node of model.nodes.values()) {
      const rect = rectOf(node);
      const down = dy > 0 ? rect.t - own.t : own.t - rect.t;
      if (node.id === id || down <= STEP || !model.isShown(node)) continue;
      const distance = down + 2 * Math.abs((rect.l + rect.r) / 2 - middle);
      if (distance < bestDistance) [best, bestDistance] = [node.id, distance];
    }
    return best;
  }

  function nudge(dx, dy) {
    const ids = [...state.selectedNodes].filter((id) => model.nodes.has(id));
    if (!ids.length) return;
    const moves = ids.map((id) => ({
      id,
      x: model.nodes.get(id).x + dx * STEP,
      y: model.nodes.get(id).y + dy * STEP,
    }));
    canvas.place(moves);
    canvas.settle(ids);
    emit("moved", { moves });
  }

  function remove() {
    const nodes = [...state.selectedNodes];
    const wires = [...state.selectedWires];
    // The card that has the focus may go, and the next key is for the canvas all the same.
    root.focus({ preventScroll: true });
    if (!nodes.length && wires.length === 1) return emit("disconnect", { wire: wires[0] });
    return nodes.length || wires.length ? emit("remove", { nodes, wires }) : undefined;
  }

  const places = () =>
    [...state.selectedNodes]
      .map((id) => model.nodes.get(id))
      .filter(Boolean)
      .map(({ id, x, y }) => ({ id, x, y }));

  /** What is selected goes to the clipboard as text; the server says which. */
  function copy(cut) {
    if (!state.selectedNodes.size || !window.getSelection().isCollapsed) return false;
    emit("copy", { nodes: places() });
    if (cut) remove();
    return true;
  }

  function duplicate() {
    if (state.selectedNodes.size) emit("duplicate", { nodes: places() });
  }

  /** Where the pointer is, or else the middle of what is seen. */
  function pastePlace() {
    const { left, top, width, height } = root.getBoundingClientRect();
    const middle = { clientX: left + width / 2, clientY: top + height / 2 };
    const { x, y } = canvas.toFlow(gestures.pointer() ?? middle);
    return { x: snap(x), y: snap(y) };
  }

  function escape() {
    if (gestures.isActive()) return gestures.cancel();
    if (state.selectedNodes.size || state.selectedWires.size) return canvas.choose([]);
    leaving = true;
    return root.focus();
  }

  function digit(key) {
    const id = current();
    if (!id) return false;
    const { ports } = model.nodes.get(id);
    const port =
      ports.find((candidate) => candidate.key === key) ??
      ports.filter((candidate) => candidate.role !== "error")[Number(key) - 1];
    return Boolean(port) && go(target(model.wireAtPort(id, port.id)));
  }

  function handle(event) {
    const { key } = event;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.ctrlKey || event.metaKey;
    const id = current();
    if (key === "Tab" && plain) return !leaving && walk(event.shiftKey);
    if (key === "Escape") return (escape(), true);
    if (ARROWS[key] && event.altKey) return (canvas.readonly() || nudge(...ARROWS[key]), true);
    if (ARROWS[key] && plain && !event.shiftKey)
      return id ? follow(id, ...ARROWS[key]) || true : walk(false);
    if (key === "Enter" && plain) return id ? (emit("open", { id }), true) : false;
    if ((key === "Delete" || key === "Backspace") && plain)
      return (canvas.readonly() || remove(), true);
    if (control && key === "c") return copy(false);
    if (control && key === "x") return !canvas.readonly() && copy(true);
    if (control && key === "d") return (canvas.readonly() || duplicate(), true);
    if (control && key === "a") return (canvas.choose([...model.nodes.keys()]), true);
    if (control && key === "0") return (canvas.zoomTo(1), true);
    if (control && key === ".")
      return id ? (emit("fold", { section: model.nodes.get(id).section }), true) : false;
    if (event.shiftKey && event.code === "Digit1" && !control) return (canvas.fit(), true);
    if (plain && (key === "+" || key === "=")) return (canvas.zoomBy(1.25), true);
    if (plain && key === "-") return (canvas.zoomBy(0.8), true);
    if (plain && !event.shiftKey && /^[1-9]$/.test(key)) return digit(key);
    return false;
  }

  root.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, .fc-chrome, button") && event.key !== "Escape")
      return;
    if (handle(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  root.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text || canvas.readonly() || event.target.closest("input, textarea")) return;
    event.preventDefault();
    const bytes = new Blob([text]).size;
    if (bytes > PASTE_BYTES_MAX) return void emit("large", { bytes });
    const [wire, ...others] = state.selectedWires;
    const isOnWire = wire && !others.length && !state.selectedNodes.size;
    emit("paste", { text, ...pastePlace(), ...(isOnWire ? { wire } : {}) });
  });
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget)) leaving = false;
  });
}
