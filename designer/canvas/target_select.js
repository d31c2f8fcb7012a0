import { TargetSelect } from "flowlang-canvas";

export default TargetSelect;
