import type { Defect } from "./defect.ts";
import { of } from "./expressions.ts";

/** What has a wrong gradient. */
export const wrongGradients: readonly Defect[] = [
  {
    title: "the gradient of `avgPool` divides by the whole window where it reaches over the edge",
    code: of('tf.avgPool(x, 2, 2, "same")', "tf.ones([1, 1, 3, 1])"),
    right: [0.5, 0.5, 1],
  },
  {
    title: "the gradient of `avgPool3d` divides by the whole window where it reaches over the edge",
    code: of('tf.avgPool3d(x, 2, 2, "same")', "tf.ones([1, 1, 1, 3, 1])"),
    right: [0.5, 0.5, 1],
  },
  {
    title: "the gradient of `mirrorPad` loses what was mirrored",
    code: of('tf.mirrorPad(x, [[1, 0]], "reflect")', "tf.tensor([1, 2, 3])"),
    right: [1, 2, 1],
  },
  {
    title: "the gradient of `cumsum` is transposed along any axis but the last",
    code: of("tf.mul(tf.cumsum(x, 0), [[1, 2], [3, 4]])", "tf.ones([2, 2])"),
    right: [4, 6, 3, 4],
  },
  {
    title: "the gradient of `resizeBilinear` ignores half-pixel centers",
    code: of(
      "tf.mul(tf.image.resizeBilinear(x, [1, 4], false, true), [[1], [2], [3], [4]])",
      "tf.ones([1, 1, 2, 1])",
    ),
    right: [3.25, 6.75],
  },
  {
    title: "the gradient of `floorDiv` is that of division",
    code: of("tf.floorDiv(x, 2)", "tf.tensor([3])"),
    right: [0],
  },
  {
    title: "the gradient goes through a cast to integers",
    code: of('tf.cast(tf.cast(x, "int32"), "float32")', "tf.tensor([1.5])"),
    right: [0],
  },
  {
    title: "the gradient of `maximum` throws where it broadcasts",
    code: of("tf.maximum(x, [1, 3])", "tf.tensor([2])"),
    right: [1],
  },
  {
    title: "the gradient of `minimum` throws where it broadcasts",
    code: of("tf.minimum(x, [1, 3])", "tf.tensor([2])"),
    right: [1],
  },
  {
    title: "the gradient of `squaredDifference` throws where it broadcasts",
    code: of("tf.squaredDifference(x, [1, 3])", "tf.tensor([3])"),
    right: [4],
  },
  {
    title: "the gradient of `matMul` throws where the batch broadcasts",
    code: of("tf.matMul(tf.ones([2, 1, 1]), x)", "tf.ones([1, 1, 2])"),
    right: [2, 2],
  },
  {
    title: "the gradient of `tile` ends at rank 4",
    code: of("tf.tile(x, [1, 1, 1, 1, 3])", "tf.ones([1, 1, 1, 1, 1])"),
    right: [3],
  },
  {
    title: "the gradient of `pow` is NaN for x⁰ at 0",
    code: of("tf.pow(x, 0)", "tf.tensor([0])"),
    right: [0],
  },
];
