export { wasmFromCpu } from "./kernels.ts";
