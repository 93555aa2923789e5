import { Cumsum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface Attributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** tfjs' own reads outside of memory when the axis is counted from the end. */
export const cumsum: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, Attributes>(Cumsum, (_, { x }, attributes, builtIn) =>
    builtIn({ ...attributes, axis: util.parseAxisParam(attributes.axis, x.shape)[0] as number }),
  ),
];
