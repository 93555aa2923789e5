import type { Defect } from "./defect.ts";
import { index, of } from "./expressions.ts";

/** What is wrong, or lacking, on the WASM backend. */
export const onWasm: readonly Defect[] = [
  {
    title: "there is no gradient of `conv2d` at its filter (Conv2DBackpropFilter)",
    code: 'tf.grad((w) => tf.conv2d(tf.ones([1, 2, 2, 1]), w, 1, "valid"))(tf.ones([1, 1, 1, 1]))',
    right: [4],
  },
  {
    title: "there are no gradients of `depthwiseConv2d` (DepthwiseConv2dNativeBackpropInput, …Filter)",
    code: of('tf.depthwiseConv2d(x, tf.fill([1, 1, 1, 1], 3), 1, "valid")', "tf.ones([1, 1, 1, 1])"),
    right: [3],
  },
  {
    title: "there is no gradient of `gather` (UnsortedSegmentSum)",
    code: of(`tf.gather(x, ${index("[1, 1]")})`, "tf.ones([2, 1])"),
    right: [0, 2],
  },
  {
    title: "there is no `einsum`",
    code: 'tf.einsum("ij,j->i", tf.ones([1, 2]), tf.tensor([2, 3]))',
    right: [5],
  },
  {
    title: "the gradient of `maxPool` is lost, or goes elsewhere, where a window has no positive number",
    code: of('tf.maxPool(x, 2, 2, "valid")', "tf.tensor([-4, -3, -2, -1], [1, 2, 2, 1])"),
    right: [0, 0, 0, 1],
  },
  {
    title: "`maxPool3d` is 1.2e-38 where a window has no positive number",
    code: 'tf.maxPool3d(tf.fill([1, 2, 2, 2, 1], -3), 2, 2, "valid")',
    right: [-3],
  },
  {
    title: "`dilation2d` is wrong where nothing is positive",
    code: 'tf.dilation2d(tf.fill([1, 1, 1, 1], -3), tf.zeros([1, 1, 1]), 1, "valid")',
    right: [-3],
  },
  {
    title: "the gradient of `conv3d` at its filter is wrong with padding",
    code: 'tf.grad((w) => tf.conv3d(tf.reshape(tf.range(1, 28), [1, 3, 3, 3, 1]), w, 2, "same"))(tf.ones([2, 2, 2, 1, 1]))',
    right: [112, 56, 56, 28, 56, 28, 28, 14],
  },
  {
    title: "`gather` in a batch takes from the first of it",
    code: `tf.gather(tf.tensor([[1, 2], [3, 4]]), ${index("[[1], [0]]")}, 1, 1)`,
    varies: true,
    right: [2, 3],
  },
  {
    title: "`stridedSlice` that takes an axis away reads elsewhere along the others",
    code: "tf.stridedSlice(tf.reshape(tf.range(0, 60), [3, 4, 5]), [1, 0, 1], [2, 4, 5], [1, 1, 2], 0, 0, 0, 0, 1)",
    varies: true,
    right: [21, 23, 26, 28, 31, 33, 36, 38],
  },
  {
    title: "there are no complex numbers (Complex, Real, Imag, ComplexAbs)",
    code: "tf.abs(tf.complex([3], [4]))",
    right: [5],
  },
  {
    title: "there is no Fourier transform (FFT, IFFT)",
    code: "tf.imag(tf.spectral.rfft(tf.tensor([1, 2, 3])))",
    right: [0, 0.8660254],
  },
  {
    title: "`image.transform` does not reflect beyond the edges at the top and left",
    code: 'tf.image.transform(tf.reshape([1, 2, 3], [1, 1, 3, 1]), [[1, 0, -2, 0, 1, 0, 0, 0]], "nearest", "reflect")',
    right: [2, 1, 1],
  },
  {
    title: "`image.rotateWithOffset` cuts what it fills with down to integers",
    code: "tf.image.rotateWithOffset(tf.ones([1, 1, 2, 1]), Math.PI, 0.5, 0)",
    right: [1, 0.5],
  },
  {
    title: "`where` of bools writes four bytes for each, beyond the end of the result",
    code: 'tf.where(tf.tensor([1, 0, 1, 0], [4], "bool"), tf.ones([4], "bool"), tf.zeros([4], "bool"))',
    varies: true,
    right: [1, 0, 1, 0],
  },
  {
    title: "`reverse` of bools writes four bytes for each, beyond the end of the result",
    code: 'tf.reverse(tf.tensor([1, 1, 0, 0, 0], [5], "bool"))',
    varies: true,
    right: [0, 0, 0, 1, 1],
  },
  {
    title: "`cumprod` reads outside of memory when the axis is counted from the end",
    code: "tf.cumprod(tf.tensor([[1, 2], [3, 4]]), -2)",
    right: [1, 2, 3, 8],
  },
  {
    title: "`argMin` and `argMax` pass over what is not a number",
    code: "tf.argMin(tf.tensor([[3], [NaN], [1]]), 0)",
    right: [1],
  },
  {
    title: "`stridedSlice` calls the bits of integers floats",
    code: `tf.stridedSlice(${index("[1, 2, 3]")}, [0], [3], [2])`,
    right: [1, 3],
  },
  {
    title: "`floorDiv` divides integers as floats of 24 bits",
    code: `tf.sub(tf.floorDiv(${index("[16777217]")}, ${index("[1]")}), ${index("[16777216]")})`,
    right: [1],
  },
  {
    title: "`prelu` has the shape of `x` where `alpha` is larger",
    code: "tf.prelu(tf.tensor([-1]), tf.tensor([2, 3]))",
    varies: true,
    right: [-2, -3],
  },
  {
    title: "`sum` of no integers is what was in memory",
    code: 'tf.sum(tf.concat([tf.fill([1], 7, "int32"), tf.sum(tf.zeros([3, 0], "int32"), 1)]))',
    varies: true,
    right: [7],
  },
];
