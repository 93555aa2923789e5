import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, getBackend } from "@tensorflow/tfjs-core";
import { adam } from "./adam/wasm.ts";
import { registerComposedKernels } from "./composed/define-composed-kernel.ts";
import { attention } from "./attention/wasm.ts";
import { avgPoolGradient } from "./avg-pool-gradient/wasm.ts";
import { avgPool } from "./avg-pool/wasm.ts";
import { complexArithmetic } from "./complex/arithmetic.ts";
import { complexNumbers } from "./complex/wasm.ts";
import { concat } from "./concat/wasm.ts";
import { conv2d } from "./conv2d/wasm.ts";
import { conv2dFilter } from "./conv2d-filter/wasm.ts";
import { conv2dInput } from "./conv2d-input/wasm.ts";
import { conv3dInput } from "./conv3d-input/wasm.ts";
import { cumsum } from "./cumsum/wasm.ts";
import { conv3dFilter } from "./conv3d-filter/wasm.ts";
import { dilation2d } from "./dilation2d/wasm.ts";
import { fft } from "./fft/wasm.ts";
import { wasmFromCpu } from "./from-cpu/kernels.ts";
import { gatherInBatch } from "./gather/wasm.ts";
import { stridedSlice } from "./strided-slice/composed.ts";
import { einsum } from "./einsum/wasm.ts";
import { geluTanh } from "./gelu-tanh/wasm.ts";
import { identity } from "./identity/wasm.ts";
import { layerNorm } from "./layer-norm/wasm.ts";
import { matMul } from "./mat-mul/wasm.ts";
import { maxPool } from "./max-pool/wasm.ts";
import { maxPoolGradient } from "./max-pool-gradient/wasm.ts";
import { maxPool3d } from "./max-pool3d/wasm.ts";
import { maxPool3dGradient } from "./max-pool3d-gradient/wasm.ts";
import { momentum } from "./momentum/wasm.ts";
import { pairwise } from "./pairwise/wasm.ts";
import { recurrence } from "./recurrence/wasm.ts";
import { replaceKernel } from "./replace-kernel.ts";
import { rotateWithOffset } from "./rotate-with-offset/composed.ts";
import { selectiveScan } from "./selective-scan/wasm.ts";
import { slice } from "./slice/wasm.ts";
import { rmsNorm } from "./rms-norm/wasm.ts";
import { silu } from "./silu/wasm.ts";
import { softplus } from "./softplus/wasm.ts";
import { split } from "./split/wasm.ts";
import { sum } from "./sum/wasm.ts";
import { tile } from "./tile/wasm.ts";
import { transformReflected } from "./transform/wasm.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum/wasm.ts";
import type { WasmKernel } from "./wasm/define-wasm-kernel.ts";
import { startIn } from "./wasm/module.ts";

const kernels: readonly WasmKernel[] = [
  ...adam,
  ...attention,
  ...avgPool,
  ...avgPoolGradient,
  ...complexNumbers,
  ...concat,
  ...conv2d,
  ...conv2dFilter,
  ...conv2dInput,
  ...conv3dInput,
  ...cumsum,
  ...dilation2d,
  ...fft,
  ...geluTanh,
  ...identity,
  ...layerNorm,
  ...matMul,
  ...maxPool,
  ...maxPoolGradient,
  ...maxPool3d,
  ...maxPool3dGradient,
  ...momentum,
  ...pairwise,
  ...recurrence,
  ...rmsNorm,
  ...selectiveScan,
  ...slice,
  ...silu,
  ...softplus,
  ...split,
  ...sum,
  ...tile,
  ...unsortedSegmentSum,
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
  for (const kernel of kernels) replaceKernel("wasm", kernel);
  registerComposedKernels("wasm", [
    ...complexArithmetic,
    ...conv3dFilter,
    ...einsum,
    ...gatherInBatch,
    rotateWithOffset,
    ...stridedSlice,
    transformReflected,
    ...wasmFromCpu,
  ]);
}
