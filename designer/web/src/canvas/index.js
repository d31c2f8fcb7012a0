import base from "@vue-flow/core/dist/style.css?inline";
import icons from "../style/icons.svg?raw";
import own from "./canvas.css?inline";

if (!document.getElementById("flow-canvas-style")) {
  const style = document.createElement("style");
  style.id = "flow-canvas-style";
  style.textContent = `${base}\n${own}`;
  document.head.append(style);
}
if (!document.getElementById("t-talk")) document.body.insertAdjacentHTML("afterbegin", icons);

export { default as FlowCanvas } from "./FlowCanvas.vue";
export { default as SectionList } from "./SectionList.vue";
export { default as TargetSelect } from "./TargetSelect.vue";
