import { FlowText } from "flowlang-text";

export default FlowText;
