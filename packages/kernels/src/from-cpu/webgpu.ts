export { webgpuFromCpu } from "./kernels.ts";
