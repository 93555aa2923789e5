import { sizeAlong } from "@pellucid/core-train";
import { add, type Tensor, tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";
import type { Segments } from "./segments.ts";

/** Gives every input the value of its segment. @param values `[batch · segment]` */
export function spreadOverSegments<X extends Tensor>(x: X, segments: Segments, values: ArrayLike<number>): X {
  const batch = sizeAlong(x, 0);
  const count = values.length / batch;
  const size = segments.data.length;
  const spread = new Float32Array(batch * size);
  for (let i = 0; i < spread.length; i++) {
    spread[i] = values[Math.floor(i / size) * count + (segments.data[i % size] as number)] as number;
  }
  return tidy(() => add<X>(zerosLike(x), tensor(spread, [batch, ...segments.shape])));
}
