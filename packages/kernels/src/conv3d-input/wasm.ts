import { backend_util, Conv3DBackpropInputV2, type TensorInfo } from "@tensorflow/tfjs-core";
import { spread } from "../wasm/convolution-input.ts";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideFloatKernel } from "../wasm/override-float-kernel.ts";
import { windowOf } from "../wasm/window.ts";

type Five = [number, number, number, number, number];

interface Attributes {
  readonly inputShape: number[];
  readonly strides: [number, number, number] | number;
  readonly pad: "valid" | "same";
  /** tfjs' own knows none. Default: 1. */
  readonly dilations?: [number, number, number] | number | null;
}

/** The gradient of a convolution over volumes at its input; tfjs' own reads outside the filter. */
export const conv3dInput: readonly WasmKernel[] = [
  overrideFloatKernel<{ dy: TensorInfo; filter: TensorInfo }, Attributes>(
    Conv3DBackpropInputV2,
    (heap, { dy, filter }, { inputShape, strides, pad, dilations }) => {
      const [input, weights] = [inputShape as Five, filter.shape as Five];
      const info = backend_util.computeConv3DInfo(input, weights, strides, dilations ?? 1, pad);
      return spread(heap, dy, filter, inputShape, windowOf(info));
    },
  ),
];
