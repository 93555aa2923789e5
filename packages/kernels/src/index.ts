// WebAssembly
export { registerWasmKernels } from "./register-wasm-kernels.ts";
export { getWasmThreads } from "./get-wasm-threads.ts";
export { setWasmThreads } from "./set-wasm-threads.ts";
export { ThreadError } from "./threads/thread-error.ts";

// plain JavaScript
export { registerCpuKernels } from "./register-cpu-kernels.ts";

// WebGPU
export { registerWebgpuKernels } from "./register-webgpu-kernels.ts";

// TensorFlow's library in Node
export { registerTensorflowKernels } from "./register-tensorflow-kernels.ts";
