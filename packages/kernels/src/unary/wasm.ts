import { Cos, Exp, Neg, Sigmoid, Sin, Tanh, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

const functions = {
  [Cos]: "cosine",
  [Exp]: "exponential",
  [Neg]: "negative",
  [Sigmoid]: "logistic",
  [Sin]: "sine",
  [Tanh]: "hyperbolicTangent",
} as const;

/** Functions of one number that tfjs computes one at a time: four at a time. Its sines and cosines are those of other numbers beyond 10⁷. */
export const unary: readonly WasmKernel[] = Object.entries(functions).map(([kernelName, own]) =>
  overrideWasmKernel<{ x: TensorInfo }>(kernelName, (heap, { x }, _, builtIn) => {
    if (x.dtype !== "float32") return builtIn();
    const y = heap.make(x.shape);
    const count = util.sizeFromShape(x.shape);
    if (count > 0) heap.functions[own]({ x: heap.addressOf(x), y: heap.addressOf(y), count });
    return y;
  }),
);
