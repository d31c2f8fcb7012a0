import { FlowCanvas } from "flowlang-canvas";

export default FlowCanvas;
