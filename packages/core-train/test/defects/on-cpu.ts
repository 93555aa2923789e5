import type { Defect } from "./defect.ts";
import { of } from "./expressions.ts";

/** What is wrong on the CPU backend. */
export const onCpu: readonly Defect[] = [
  {
    title: "the gradient of `resizeBilinear` has height and width exchanged",
    code: of("tf.image.resizeBilinear(x, [1, 4])", "tf.ones([1, 1, 2, 1])"),
    right: [1.5, 2.5],
  },
  {
    title: "the gradient of `resizeNearestNeighbor` is wrong from the second image on",
    code: of(
      "tf.mul(tf.image.resizeNearestNeighbor(x, [1, 4]), tf.reshape(tf.range(0, 8), [2, 1, 4, 1]))",
      "tf.ones([2, 1, 2, 1])",
    ),
    right: [1, 5, 9, 13],
  },
  {
    title: "`matMul` is wrong where either batch broadcasts the other",
    code: "tf.matMul(tf.tensor([1, 2], [2, 1, 1, 1]), tf.tensor([3, 4], [1, 2, 1, 1]))",
    right: [3, 4, 6, 8],
  },
  {
    title: "`stridedSlice` that takes an axis away reads elsewhere along the others",
    code: "tf.stridedSlice(tf.reshape(tf.range(0, 60), [3, 4, 5]), [1, 0, 1], [2, 4, 5], [1, 1, 2], 0, 0, 0, 0, 1)",
    right: [21, 23, 26, 28, 31, 33, 36, 38],
  },
  {
    title:
      "`add`, `sub` and `mul` of complex numbers are NaN where one of them is repeated along the first axis",
    code: "tf.real(tf.mul(tf.complex([[1, 2], [3, 4]], [[0, 0], [0, 0]]), tf.complex([5, 6], [0, 0])))",
    right: [5, 12, 15, 24],
  },
  {
    title: "`image.transform` transforms the first image of a batch only",
    code: "tf.image.transform(tf.ones([2, 1, 1, 1]), [[1, 0, 0, 0, 1, 0, 0, 0]])",
    right: [1, 1],
  },
  {
    title: "`cumsum` and `cumprod` have another shape when the axis is counted from the end",
    code: "tf.cumsum(tf.tensor([[1, 2], [3, 4]]), -2)",
    right: [1, 2, 4, 6],
  },
];
