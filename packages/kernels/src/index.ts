// WebAssembly
export { registerWasmKernels } from "./register-wasm-kernels.ts";

// plain JavaScript
export { registerCpuKernels } from "./register-cpu-kernels.ts";
