import { tidyLeaves } from "@pellucid/core-train";
import { add, Tensor, tensor, zerosLike } from "@tensorflow/tfjs-core";
import { attributionOf } from "../score/float-leaves.ts";
import type { Parts } from "./parts.ts";
import type { Segments } from "./segments.ts";

/** Gives every input the value of its segment. @param values `[batch · segment]` */
export function spreadOverSegments<X>(x: X, parts: Parts, values: ArrayLike<number>): X {
  const { tensors, segments, count } = parts;
  return tidyLeaves(() => {
    const maps = tensors.map((own, i) => spread(own, segments[i], values, count));
    return x instanceof Tensor ? (maps[0] as X & Tensor) : attributionOf(x, maps);
  });
}

function spread(
  own: Tensor,
  segments: Segments | undefined,
  values: ArrayLike<number>,
  count: number,
): Tensor {
  const { data, shape } = segments ?? { data: new Int32Array(0), shape: [] };
  const [batch = 0] = own.shape;
  const numbers = Array.from({ length: batch }, (_, b) =>
    Array.from(data, (label) => values[b * count + label] ?? 0),
  );
  return add(zerosLike(own), tensor(numbers.flat(), [batch, ...shape], "float32"));
}
