import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  backend,
  getBackend,
  getKernel,
  type KernelFunc,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { avgPool } from "./avg-pool/wasm.ts";
import { conv2d } from "./conv2d/wasm.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter/wasm.ts";
import { conv2dBackpropInput } from "./conv2d-backprop-input/wasm.ts";
import { conv3dBackpropInput } from "./conv3d-backprop-input/wasm.ts";
import { depthwiseConv2dBackpropFilter } from "./depthwise-conv2d-backprop-filter/wasm.ts";
import { depthwiseConv2dBackpropInput } from "./depthwise-conv2d-backprop-input/wasm.ts";
import { dilation2dBackpropFilter } from "./dilation2d-backprop-filter/wasm.ts";
import { dilation2dBackpropInput } from "./dilation2d-backprop-input/wasm.ts";
import { maxPool } from "./max-pool/wasm.ts";
import { maxPoolGrad } from "./max-pool-grad/wasm.ts";
import { maxPool3d } from "./max-pool3d/wasm.ts";
import { maxPool3dGrad } from "./max-pool3d-grad/wasm.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum/wasm.ts";
import type { WasmKernel } from "./wasm/define-wasm-kernel.ts";
import { startIn } from "./wasm/module.ts";

const kernels: readonly WasmKernel[] = [
  avgPool,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  conv3dBackpropInput,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
  dilation2dBackpropFilter,
  dilation2dBackpropInput,
  maxPool,
  maxPoolGrad,
  maxPool3d,
  maxPool3dGrad,
  unsortedSegmentSum,
];

/**
 * Gives tfjs' WASM backend, which must be the active one, the kernels that it lacks for training, and right ones in place of
 * those that are wrong. Calling it again changes nothing.
 *
 * @throws RangeError if another backend is active
 */
export async function registerWasmKernels(): Promise<void> {
  if (getBackend() !== "wasm") {
    throw new RangeError(
      `registerWasmKernels: the active backend is ${getBackend()}, expected wasm. Await setBackend("wasm") first.`,
    );
  }
  await startIn(backend() as BackendWasm);
  for (const { kernelName, make } of kernels) {
    const builtIn = getKernel(kernelName, "wasm");
    if (builtIn !== undefined && ours.has(builtIn.kernelFunc)) continue;
    const kernelFunc = make(builtIn?.kernelFunc);
    if (builtIn !== undefined) unregisterKernel(kernelName, "wasm");
    registerKernel({ kernelName, backendName: "wasm", kernelFunc });
    ours.add(kernelFunc);
  }
}

const ours = new WeakSet<KernelFunc>();
