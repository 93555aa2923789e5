import { slice, type Tensor3D } from "@tensorflow/tfjs-core";

/** `[batch, time, feature]` -> `[batch, 1, feature]` */
export function lastTimeStep(x: Tensor3D): Tensor3D {
  const [batch, time, features] = x.shape;
  return slice(x, [0, time - 1, 0], [batch, 1, features]);
}
