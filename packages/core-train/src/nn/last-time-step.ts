import { slice, type Tensor3D } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";

/** `[batch, time, feature]` -> `[batch, 1, feature]` */
export function lastTimeStep(x: Tensor3D): Tensor3D {
  checkShape("lastTimeStep", "x", x, ["batch", "time", "feature"]);
  const [batch, time, features] = x.shape;
  return slice(x, [0, time - 1, 0], [batch, 1, features]);
}
