import { Dilation2DBackpropFilter } from "@tensorflow/tfjs-core";
import { defineWasmKernel } from "../wasm/define-wasm-kernel.ts";
import { type DilationAttributes, dilationGradient, type DilationInputs } from "../wasm/dilation.ts";

/** tfjs' own loses the gradient of windows in which nothing is positive. */
export const dilation2dBackpropFilter = defineWasmKernel<DilationInputs, DilationAttributes>(
  Dilation2DBackpropFilter,
  (heap, inputs, attributes) => dilationGradient(heap, "dilation2dFilter", inputs, attributes, inputs.filter),
);
