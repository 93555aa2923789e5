import {
  Cumprod,
  Cumsum,
  type KernelBackend,
  type KernelFunc,
  type NamedAttrMap,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Replacement } from "../replace-kernel.ts";

interface Attributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** tfjs' own on CPU and WASM give other shapes, or read outside of memory, for an axis that is counted from the end, and divide by a length of 0. */
export const cumulative: readonly Replacement[] = [Cumprod, Cumsum].map((kernelName) => ({
  kernelName,
  make: (builtIn) =>
    function composed(call) {
      const { x } = call.inputs as { x: TensorInfo };
      const attributes = call.attrs as object as Attributes;
      const [axis = 0] = util.parseAxisParam(attributes.axis, x.shape);
      if (util.sizeFromShape(x.shape) > 0) {
        return (builtIn as KernelFunc)({ ...call, attrs: { ...attributes, axis } as NamedAttrMap });
      }
      (call.backend as KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
}));
