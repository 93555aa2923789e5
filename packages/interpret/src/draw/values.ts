import type { Tensor } from "@tensorflow/tfjs-core";

/** Numbers on the host with their shape, row-major: what is drawn. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Reads a tensor, so that it can be drawn; values on the host are returned as they are. */
export async function readValues(x: Tensor | Values): Promise<Values> {
  return "dataSync" in x ? { data: await x.data(), shape: x.shape } : x;
}

/** Example `index` of a batch. */
export function exampleOf({ data, shape }: Values, index = 0): Values {
  const size = shape.slice(1).reduce((product, n) => product * n, 1);
  return {
    data: Float64Array.from({ length: size }, (_, i) => data[index * size + i] ?? NaN),
    shape: shape.slice(1),
  };
}
