import { cast, equal, range, type Tensor, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

/** Ones at the class of each anchor, none for a negative class: `[anchor, class]`. */
export function classTargets(classes: ArrayLike<number>, numClasses: number): Tensor2D {
  const labels: Tensor = tensor2d(Int32Array.from(classes), [classes.length, 1], "int32");
  return cast(equal(labels, range(0, numClasses, 1, "int32")), "float32");
}
