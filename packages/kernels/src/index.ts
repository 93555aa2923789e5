// WebAssembly
export { registerWasmKernels } from "./register-wasm-kernels.ts";

// plain JavaScript
export { registerCpuKernels } from "./register-cpu-kernels.ts";

// WebGPU
export { registerWebgpuKernels } from "./register-webgpu-kernels.ts";

// TensorFlow's library in Node
export { registerTensorflowKernels } from "./register-tensorflow-kernels.ts";
