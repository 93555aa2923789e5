export { tensorflowFromCpu } from "./kernels.ts";
