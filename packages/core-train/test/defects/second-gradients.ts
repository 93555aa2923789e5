import type { Defect } from "./defect.ts";
import { bent, of, twice } from "./expressions.ts";

/** What has a gradient that cannot be differentiated again, or is wrong then. */
export const secondGradients: readonly Defect[] = [
  {
    title: "`exp` has a wrong second derivative where its output is used further",
    code: bent("tf.exp(x)", "tf.tensor([0])"),
    right: [4],
  },
  {
    title: "`sigmoid` has a wrong second derivative where its output is used further",
    code: bent("tf.sigmoid(x)", "tf.tensor([1])"),
    right: [-0.0555307],
  },
  {
    title: "`tanh` has a wrong second derivative where its output is used further",
    code: twice("tf.tanh(x)", "tf.tensor([0.5])"),
    right: [-0.72686234],
  },
  {
    title: "`softmax` has a wrong second derivative where its output is used further",
    code: of("tf.mul(tf.grad((x) => tf.mul(tf.softmax(x), [0, 1]))(x), [1, 0])", "tf.tensor([0, 1])"),
    right: [-0.090857747, 0.090857747],
  },
  { title: "`elu` has no second derivative", code: bent("tf.elu(x)", "tf.tensor([1])"), right: [2] },
  {
    title: "`conv2d` has no second derivative at its filter",
    code: twice(
      'tf.sum(tf.square(tf.conv2d(tf.ones([1, 2, 2, 1]), x, 1, "valid")))',
      "tf.ones([1, 1, 1, 1])",
    ),
    right: [8],
  },
  {
    title: "`maxPool` has no second derivative",
    code: bent('tf.maxPool(x, 2, 2, "valid")', "tf.tensor([1, 2, 3, 4], [1, 2, 2, 1])"),
    right: [0, 0, 0, 2],
  },
  {
    title: "`avgPool` has no second derivative",
    code: bent('tf.avgPool(x, 2, 2, "valid")', "tf.ones([1, 2, 2, 1])"),
    right: [0.5, 0.5, 0.5, 0.5],
  },
  {
    title: "`resizeBilinear` has no second derivative",
    code: bent("tf.image.resizeBilinear(x, [1, 2])", "tf.ones([1, 1, 1, 1])"),
    right: [4],
  },
  {
    title: "`conv3d` has no second derivative",
    code: bent('tf.conv3d(x, tf.fill([1, 1, 1, 1, 1], 3), 1, "valid")', "tf.ones([1, 1, 1, 1, 1])"),
    right: [18],
  },
  {
    title: "`localResponseNormalization` has no second derivative",
    code: twice("tf.localResponseNormalization(x, 0, 1, 1, 1)", "tf.ones([1, 1, 1, 1])"),
    right: [-0.5],
  },
  {
    title: "`dilation2d` has no second derivative",
    code: bent('tf.dilation2d(x, tf.zeros([1, 1, 1]), 1, "valid")', "tf.ones([1, 1, 1, 1])"),
    right: [2],
  },
];
