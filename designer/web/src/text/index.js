import own from "./text.css?inline";

if (!document.getElementById("flow-text-style")) {
  const style = document.createElement("style");
  style.id = "flow-text-style";
  style.textContent = own;
  document.head.append(style);
}

export { default as FlowText } from "./FlowText.vue";
