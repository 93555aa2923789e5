import type { Defect } from "./defect.ts";

/** What is wrong on the WebGPU backend. */
export const onWebgpu: readonly Defect[] = [
  {
    title: "`cumsum` backward has the length of the first tensor that it saw",
    code: "(tf.cumsum(tf.ones([2]), 0, false, true), tf.cumsum(tf.tensor([1, 2, 3]), 0, false, true))",
    right: [6, 5, 3],
  },
  {
    title: "`cumprod` backward has the length of the first tensor that it saw",
    code: "(tf.cumprod(tf.ones([2]), 0, false, true), tf.cumprod(tf.tensor([4, 2, 3]), 0, false, true))",
    right: [24, 6, 3],
  },
  {
    title: "`prod` forgets to keep the axes of a small tensor, which it multiplies on the processor",
    code: '(tf.env().set("WEBGPU_CPU_FORWARD", true), tf.add(tf.prod(tf.tensor([[1, 2], [3, 4]]), 1, true), [[10, 20]]))',
    right: [12, 22, 22, 32],
  },
  {
    title: "`transpose` of what was cast to float has a shader that does not compile",
    code: 'tf.transpose(tf.cast(tf.greater(tf.tensor([[[1, 2], [3, 4]]]), 1), "float32"), [0, 2, 1])',
    right: [0, 1, 1, 1],
  },
  {
    title: "`pad` has a shader that does not compile from rank 5 on",
    code: "tf.pad(tf.ones([1, 1, 1, 1, 1]), [[0, 0], [0, 0], [0, 0], [0, 0], [1, 0]])",
    right: [0, 1],
  },
  {
    title: "`add` of a vector, as all that broadcasts, has a shader that does not compile from rank 5 on",
    code: "tf.add(tf.ones([1, 1, 1, 2, 2]), tf.tensor([1, 2]))",
    right: [2, 3, 2, 3],
  },
  {
    title: "`where` ends at rank 4",
    code: 'tf.where(tf.tensor([1, 0], [1, 1, 1, 1, 2], "bool"), tf.ones([1, 1, 1, 1, 2]), tf.zeros([1, 1, 1, 1, 2]))',
    right: [1, 0],
  },
  {
    title: "`tile` reads from the GPU at once from rank 5 on, which fails outside of a browser",
    code: "tf.tile(tf.add(tf.ones([1, 1, 1, 1, 1]), 1), [1, 1, 1, 1, 2])",
    right: [2, 2],
  },
  {
    title: "`matMul` fails where either batch broadcasts the other",
    code: "tf.matMul(tf.tensor([1, 2], [2, 1, 1, 1]), tf.tensor([3, 4], [1, 2, 1, 1]))",
    right: [3, 4, 6, 8],
  },
  {
    title: "`stridedSlice` that takes an axis away has a shader that does not compile",
    code: "tf.stridedSlice(tf.add(tf.reshape(tf.range(0, 60), [3, 4, 5]), 1), [1, 0, 1], [2, 4, 5], [1, 1, 2], 0, 0, 0, 0, 1)",
    right: [22, 24, 27, 29, 32, 34, 37, 39],
  },
  {
    title: "`real` and `imag` of complex numbers that were reshaped have their shape from before",
    code: "tf.add(tf.real(tf.reshape(tf.complex([[1], [2]], [[3], [4]]), [2])), [10, 20])",
    right: [11, 22],
  },
  {
    title: "`image.transform` takes one transform for the first image of a batch only",
    code: "tf.image.transform(tf.reshape(tf.range(0, 4), [2, 1, 2, 1]), [[1, 0, 0, 0, 1, 0, 0, 0]])",
    right: [0, 1, 2, 3],
  },
  {
    title: "there is no `bitwiseAnd`",
    code: 'tf.bitwiseAnd(tf.tensor([6], undefined, "int32"), tf.tensor([3], undefined, "int32"))',
    right: [2],
  },
];
