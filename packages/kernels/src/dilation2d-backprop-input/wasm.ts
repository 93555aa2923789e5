import { Dilation2DBackpropInput } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { type DilationAttributes, dilationGradient, type DilationInputs } from "../wasm/dilation.ts";

/** tfjs' own loses the gradient of windows in which nothing is positive. */
export const dilation2dBackpropInput = defineWasmKernel<DilationInputs, DilationAttributes>(
  Dilation2DBackpropInput,
  (heap, inputs, attributes) => dilationGradient(heap, "dilation2dInput", inputs, attributes, inputs.x),
);
