import { type TensorInfo, util } from "@tensorflow/tfjs-core";

/** How a running sum or product goes along an axis. */
export interface Along {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** The axes before, of, and after an axis, which may be counted from the end, as `[outer, length, inner]`. */
export function along({ shape }: TensorInfo, axis: number): { outer: number; length: number; inner: number } {
  const [own = 0] = util.parseAxisParam(axis, shape);
  return {
    outer: util.sizeFromShape(shape.slice(0, own)),
    length: shape[own] ?? 1,
    inner: util.sizeFromShape(shape.slice(own + 1)),
  };
}
