export { stridedSlice } from "./composed.ts";
