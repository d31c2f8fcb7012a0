import { SectionList } from "flowlang-canvas";

export default SectionList;
