import { INPUT_Y } from "./model.js";
import { simplify } from "./router.js";
import { holds } from "./spatial.js";
import { roundedPath } from "./wiring.js";

const GRID = 8;
const THRESHOLD = 4;
const WIRE_REACH = 7;
const DROP_REACH = 18;
const EDGE = 36;
const EDGE_SPEED = 14;
const CARD_GRIP = { x: 110, y: 22 };
export const BLOCK_TYPE = "application/x-flow-block";

export const snap = (value) => Math.round(value / GRID) * GRID;

/**
 * What the pointer does. One gesture at a time takes the pointer from press to release;
 * whatever no gesture takes (panning, pinching, the wheel) is left to Vue Flow.
 */
export function installGestures(canvas) {
  const { root, model, wiring, state, emit } = canvas;
  let active = null;
  let over = null;

  const hit = (event) => {
    const point = canvas.toFlow(event);
    const card = event.target.closest?.(".vue-flow__node");
    const id = card?.dataset.id ?? (canvas.level() === "tiles" ? nodeAt(point) : null);
    return { point, id, port: event.target.closest?.("[data-port]")?.dataset.port ?? null };
  };

  const nodeAt = ({ x, y }) => {
    for (const id of model.index.query({ l: x - 0.5, r: x + 0.5, t: y - 0.5, b: y + 0.5 }))
      return id;
    return null;
  };

  const sectionAt = ({ x, y }) => {
    for (const [id, box] of model.boxes) if (holds(box, x, y)) return id;
    return null;
  };

  const wireAt = ({ x, y }, reach) =>
    wiring.at(x, y, reach / canvas.zoom(), (id, view) => canvas.isPainted(id, view));

  /** The block a wire lands on: a card, or the first block of a folded section. */
  const landing = (point, source) => {
    const id = nodeAt(point);
    if (id) return id === source ? null : id;
    const section = sectionAt(point);
    if (!model.sections.get(section)?.folded) return null;
    for (const node of model.nodes.values()) if (node.section === section) return node.id;
    return null;
  };

  function begin(gesture, event) {
    active = {
      ...gesture,
      pointer: event.pointerId,
      from: { x: event.clientX, y: event.clientY },
      last: event,
      begun: false,
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", cancel);
  }

  function end() {
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", cancel);
    cancelAnimationFrame(active?.edgeFrame);
    active = null;
  }

  function cancel() {
    if (!active) return;
    active.cancel?.();
    end();
  }

  function onMove(event) {
    if (!active || event.pointerId !== active.pointer) return;
    active.last = event;
    if (!active.begun) {
      if (Math.hypot(event.clientX - active.from.x, event.clientY - active.from.y) < THRESHOLD)
        return;
      active.begun = true;
      active.start?.(event);
    }
    active.move(event);
    if (!active.edgeFrame) active.edgeFrame = requestAnimationFrame(panAtEdge);
  }

  function panAtEdge() {
    if (!active) return;
    active.edgeFrame = 0;
    const box = root.getBoundingClientRect();
    const { clientX, clientY } = active.last;
    const push = (low, high) =>
      Math.max(-1, Math.min(1, low < EDGE ? 1 - low / EDGE : high < EDGE ? high / EDGE - 1 : 0));
    const dx = push(clientX - box.left, box.right - clientX);
    const dy = push(clientY - box.top, box.bottom - clientY);
    if (!dx && !dy) return;
    canvas.panBy(dx * EDGE_SPEED, dy * EDGE_SPEED);
    active.move(active.last);
    active.edgeFrame = requestAnimationFrame(panAtEdge);
  }

  function onUp(event) {
    if (!active || event.pointerId !== active.pointer) return;
    const gesture = active;
    end();
    if (gesture.begun) gesture.end(event);
    else gesture.click?.(event);
  }

  // --- the gestures

  function moving(id, event) {
    const additive = event.shiftKey || event.ctrlKey || event.metaKey;
    const grip = canvas.toFlow(event);
    let starts = [];
    let hooked = null;
    return {
      start() {
        if (!state.selectedNodes.has(id))
          canvas.choose(additive ? [...state.selectedNodes, id] : [id]);
        starts = [...state.selectedNodes]
          .filter((other) => model.nodes.has(other))
          .map((other) => ({
            id: other,
            x: model.nodes.get(other).x,
            y: model.nodes.get(other).y,
          }));
        hooked = starts.find((other) => other.id === id);
        root.classList.add("moving");
      },
      move(last) {
        const point = canvas.toFlow(last);
        const dx = snap(hooked.x + point.x - grip.x) - hooked.x;
        const dy = snap(hooked.y + point.y - grip.y) - hooked.y;
        canvas.place(starts.map((other) => ({ id: other.id, x: other.x + dx, y: other.y + dy })));
      },
      end() {
        root.classList.remove("moving");
        const moves = starts
          .map(({ id: other, x, y }) => ({ id: other, x, y, node: model.nodes.get(other) }))
          .filter(({ node, x, y }) => node && (node.x !== x || node.y !== y))
          .map(({ id: other, node }) => ({
            id: other,
            x: Math.round(node.x),
            y: Math.round(node.y),
          }));
        if (!moves.length) return;
        canvas.settle(moves.map((move) => move.id));
        emit("moved", { moves });
      },
      cancel() {
        root.classList.remove("moving");
        canvas.place(starts);
        canvas.settle(starts.map((other) => other.id));
      },
      click() {
        if (!additive) return canvas.choose([id], [], { focus: id });
        const others = [...state.selectedNodes].filter((other) => other !== id);
        return canvas.choose(
          others.length === state.selectedNodes.size ? [...others, id] : others,
          [],
          { focus: id },
        );
      },
    };
  }

  function connecting(source, port) {
    const from = model.portPoint(model.nodes.get(source), port);
    const finish = () => {
      root.classList.remove("connecting");
      state.dropNode = null;
      canvas.setDraft(null);
    };
    return {
      start: () => root.classList.add("connecting"),
      move(event) {
        const point = canvas.toFlow(event);
        const target = landing(point, source);
        state.dropNode = target;
        const node = target && model.nodes.get(target);
        const to = node && model.isShown(node) ? { x: node.x, y: node.y + INPUT_Y } : point;
        canvas.setDraft({ from, to, path: roundedPath(draftWay(from, to)), landed: Boolean(node) });
      },
      end(event) {
        finish();
        const point = canvas.toFlow(event);
        const target = landing(point, source);
        if (target) return emit("connect", { source, port, target });
        if (nodeAt(point) === source) return undefined;
        return emit("void", {
          source,
          port,
          x: snap(point.x),
          y: snap(point.y - INPUT_Y),
          clientX: event.clientX,
          clientY: event.clientY,
        });
      },
      cancel: finish,
    };
  }

  function boxing(event) {
    const first = canvas.toFlow(event);
    const kept = [...state.selectedNodes];
    return {
      move(last) {
        const point = canvas.toFlow(last);
        const area = {
          l: Math.min(first.x, point.x),
          r: Math.max(first.x, point.x),
          t: Math.min(first.y, point.y),
          b: Math.max(first.y, point.y),
        };
        canvas.setBox(area);
        canvas.choose([...new Set([...kept, ...model.index.query(area)])], [], { quiet: true });
      },
      end() {
        canvas.setBox(null);
        canvas.choose([...state.selectedNodes]);
      },
      cancel: () => canvas.setBox(null),
    };
  }

  function onDown(event) {
    if (event.target.closest(".fc-chrome, button, textarea") || event.button !== 0 || active) return;
    const { id, port, point } = hit(event);
    if (id && port && !canvas.readonly()) begin(connecting(id, port), event);
    else if (id)
      begin(
        canvas.readonly()
          ? { move() {}, end() {}, click: () => canvas.choose([id], [], { focus: id }) }
          : moving(id, event),
        event,
      );
    else if (event.shiftKey) begin(boxing(event), event);
    else {
      const wire = wireAt(point, WIRE_REACH);
      if (wire) begin({ move() {}, end() {}, click: () => canvas.choose([], [wire]) }, event);
      else clickOnNothing(event);
    }
  }

  /** Vue Flow pans from here; a press without a move clears the selection. */
  function clickOnNothing(event) {
    const release = (last) => {
      window.removeEventListener("pointerup", release);
      if (Math.hypot(last.clientX - event.clientX, last.clientY - event.clientY) < THRESHOLD)
        canvas.choose([]);
    };
    window.addEventListener("pointerup", release);
  }

  const keepFromPanning = (event) => {
    if (active) event.stopPropagation();
  };

  function onHover(event) {
    over = { clientX: event.clientX, clientY: event.clientY };
    if (active || event.buttons || event.target.closest(".fc-chrome, .vue-flow__node, button"))
      return canvas.hoverWire(null);
    return canvas.hoverWire(wireAt(canvas.toFlow(event), WIRE_REACH));
  }

  function onDouble(event) {
    if (event.target.closest(".fc-chrome, button, textarea")) return;
    const { id, point } = hit(event);
    if (id && event.target.closest(".fc-note") && !canvas.readonly()) canvas.writeNote(id);
    else if (id) emit("open", { id });
    else if (canvas.level() === "sections") canvas.showSection(sectionAt(point));
    else if (!wireAt(point, WIRE_REACH) && !canvas.readonly()) {
      emit("void", {
        source: null,
        port: null,
        x: snap(point.x - CARD_GRIP.x),
        y: snap(point.y - CARD_GRIP.y),
        clientX: event.clientX,
        clientY: event.clientY,
      });
    }
  }

  function onMenu(event) {
    if (event.target.closest(".fc-chrome")) return;
    event.preventDefault();
    const { id, point } = hit(event);
    const wire = id ? null : wireAt(point, WIRE_REACH);
    if (id && !state.selectedNodes.has(id)) canvas.choose([id]);
    if (wire) canvas.choose([], [wire]);
    emit("menu", { id, wire, clientX: event.clientX, clientY: event.clientY });
  }

  // --- dragging in from the palette

  const dropPlace = ({ x, y }) => ({ x: snap(x - CARD_GRIP.x), y: snap(y - CARD_GRIP.y) });

  function onDragOver(event) {
    if (!event.dataTransfer.types.includes(BLOCK_TYPE) || canvas.readonly()) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    const point = canvas.toFlow(event);
    canvas.aimAtWire(nodeAt(point) ? null : wireAt(point, DROP_REACH));
  }

  function onDragLeave(event) {
    if (!root.contains(event.relatedTarget)) canvas.aimAtWire(null);
  }

  function onDrop(event) {
    const kind = event.dataTransfer.getData(BLOCK_TYPE);
    if (!kind || canvas.readonly()) return;
    event.preventDefault();
    const point = canvas.toFlow(event);
    const wire = nodeAt(point) ? null : wireAt(point, DROP_REACH);
    canvas.aimAtWire(null);
    emit("drop", { kind, ...dropPlace(point), ...(wire ? { wire } : {}) });
  }

  root.addEventListener("pointerdown", onDown, { capture: true });
  root.addEventListener("mousedown", keepFromPanning, { capture: true });
  root.addEventListener("touchstart", keepFromPanning, { capture: true });
  root.addEventListener("pointermove", onHover);
  root.addEventListener("pointerleave", () => {
    over = null;
    canvas.hoverWire(null);
  });
  root.addEventListener("dblclick", onDouble);
  root.addEventListener("contextmenu", onMenu);
  root.addEventListener("dragover", onDragOver);
  root.addEventListener("dragleave", onDragLeave);
  root.addEventListener("drop", onDrop);
  return { cancel, isActive: () => Boolean(active), pointer: () => over, wireAt };
}

function draftWay(from, to) {
  if (from.down) return simplify([from, { x: from.x, y: to.y }, to]);
  const x = to.x - from.x > 24 ? (from.x + to.x) / 2 : from.x + 16;
  if (to.x - from.x > 24) return simplify([from, { x, y: from.y }, { x, y: to.y }, to]);
  const y = (from.y + to.y) / 2;
  return simplify([
    from,
    { x, y: from.y },
    { x, y },
    { x: to.x - 16, y },
    { x: to.x - 16, y: to.y },
    to,
  ]);
}
