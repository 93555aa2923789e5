import type { Defect } from "./defect.ts";
import { index, of } from "./expressions.ts";

/** What has no gradient, or one that throws. */
export const missingGradients: readonly Defect[] = [
  {
    title: "`conv2d` with dilation has no gradient",
    code: of('tf.conv2d(x, tf.ones([2, 2, 1, 1]), 1, "valid", "NHWC", 2)', "tf.ones([1, 3, 3, 1])"),
    right: [1, 0, 1, 0, 0, 0, 1, 0, 1],
  },
  {
    title: "`depthwiseConv2d` with dilation has no gradient",
    code: of('tf.depthwiseConv2d(x, tf.ones([2, 2, 1, 1]), 1, "valid", "NHWC", 2)', "tf.ones([1, 3, 3, 1])"),
    right: [1, 0, 1, 0, 0, 0, 1, 0, 1],
  },
  {
    title: "`conv3d` with dilation has no gradient",
    code: of('tf.conv3d(x, tf.ones([1, 1, 2, 1, 1]), 1, "valid", "NDHWC", 2)', "tf.ones([1, 2, 2, 3, 1])"),
    right: [1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1],
  },
  {
    title: "`conv3dTranspose` has no gradient",
    code: of(
      'tf.conv3dTranspose(x, tf.fill([1, 1, 1, 1, 1], 3), [1, 1, 1, 2, 1], 1, "same")',
      "tf.ones([1, 1, 1, 2, 1])",
    ),
    right: [3, 3],
  },
  {
    title: "`einsum` has no gradient",
    code: of('tf.einsum("i,i->", x, tf.tensor([2, 3]))', "tf.tensor([1, 1])"),
    right: [2, 3],
  },
  {
    title: "`gatherND` has no gradient",
    code: of(`tf.gatherND(x, ${index("[[1]]")})`, "tf.tensor([5, 6])"),
    right: [0, 1],
  },
  {
    title: "`scatterND` has no gradient",
    code: of(`tf.scatterND(${index("[[1]]")}, x, [2])`, "tf.tensor([5])"),
    right: [1],
  },
  {
    title: "`tensorScatterUpdate` has no gradient",
    code: of(`tf.tensorScatterUpdate(x, ${index("[[1]]")}, tf.tensor([9]))`, "tf.tensor([5, 6])"),
    right: [1, 0],
  },
  {
    title: "`sparseToDense` has no gradient",
    code: of(`tf.sparseToDense(${index("[1]")}, x, [3], tf.scalar(0))`, "tf.tensor([5])"),
    right: [1],
  },
  {
    title: "`denseBincount` has no gradient at its weights",
    code: of(`tf.mul(tf.denseBincount(${index("[1, 0, 1]")}, x, 2), [3, 4])`, "tf.tensor([1, 1, 1])"),
    right: [4, 3, 4],
  },
  {
    title: "`stridedSlice` has no gradient",
    code: of("tf.stridedSlice(x, [0], [4], [2])", "tf.tensor([1, 2, 3, 4])"),
    right: [1, 0, 1, 0],
  },
  {
    title: "`topk` has no gradient",
    code: of("tf.topk(x, 1).values", "tf.tensor([1, 3, 2])"),
    right: [0, 1, 0],
  },
  { title: "`cumprod` has no gradient", code: of("tf.cumprod(x)", "tf.tensor([2, 3])"), right: [4, 2] },
  {
    title: "`prod` has a gradient that throws, or is 0 · ∞, where there is a zero",
    code: of("tf.prod(x)", "tf.tensor([0, 3, 2])"),
    alone: true,
    right: [6, 0, 0],
  },
  { title: "`diag` has no gradient", code: of("tf.diag(x)", "tf.tensor([1, 2])"), right: [1, 1] },
  {
    title: "`depthToSpace` has no gradient",
    code: of("tf.depthToSpace(x, 2)", "tf.ones([1, 1, 1, 4])"),
    right: [1, 1, 1, 1],
  },
  {
    title: "`image.flipLeftRight` has no gradient",
    code: of("tf.mul(tf.image.flipLeftRight(x), [[1], [2]])", "tf.ones([1, 1, 2, 1])"),
    right: [2, 1],
  },
  {
    title: "`image.cropAndResize` has no gradient",
    code: of("tf.image.cropAndResize(x, [[0, 0, 1, 1]], [0], [1, 1])", "tf.ones([1, 1, 3, 1])"),
    right: [0, 1, 0],
  },
  {
    title: "a comparison in `where` has no gradient",
    code: of("tf.where(tf.greater(x, 0), x, tf.mul(x, 2))", "tf.tensor([1, -1])"),
    right: [1, 2],
  },
  {
    title: "`gather` in a batch has a gradient that throws",
    code: of(`tf.gather(x, ${index("[[1], [0]]")}, 1, 1)`, "tf.ones([2, 2])"),
    alone: true,
    right: [0, 1, 1, 0],
  },
  {
    title: "`complex` has no gradient, nor have `real` and `imag`: the tape refuses complex numbers",
    code: of("tf.add(tf.real(tf.complex(x, x)), tf.imag(tf.complex(x, x)))", "tf.tensor([1])"),
    right: [2],
  },
  {
    title: "`abs` of complex numbers has no gradient",
    code: of("tf.abs(tf.complex(x, tf.mul(x, 2)))", "tf.tensor([3])"),
    right: [2.236068],
  },
  {
    title: "`mul` of complex numbers has no gradient",
    code: of("tf.real(tf.mul(tf.complex(x, tf.zerosLike(x)), tf.complex(x, x)))", "tf.tensor([3])"),
    right: [6],
  },
  {
    title: "`spectral.fft` has no gradient",
    code: of("tf.real(tf.spectral.fft(tf.complex(x, tf.zerosLike(x))))", "tf.tensor([1, 2, 3])"),
    right: [3, 0, 0],
  },
  {
    title: "`spectral.ifft` has no gradient",
    code: of("tf.real(tf.spectral.ifft(tf.complex(x, tf.zerosLike(x))))", "tf.tensor([1, 2, 3])"),
    right: [1, 0, 0],
  },
  {
    title: "`spectral.rfft` has no gradient",
    code: of("tf.abs(tf.spectral.rfft(x))", "tf.tensor([3, 1])"),
    right: [2, 0],
  },
  {
    title: "`spectral.irfft` has no gradient",
    code: of(
      "tf.mul(tf.spectral.irfft(tf.complex(x, tf.zerosLike(x))), [[1, 2, 3, 4]])",
      "tf.tensor([[1, 2, 3]])",
    ),
    right: [2.5, -1, -0.5],
  },
  {
    title: "`signal.stft` has no gradient",
    code: of("tf.real(tf.signal.stft(x, 2, 2))", "tf.tensor([1, 2])"),
    right: [0, 0],
  },
  {
    title: "`image.transform` has no gradient",
    code: of('tf.image.transform(x, [[1, 0, 0.5, 0, 1, 0, 0, 0]], "bilinear")', "tf.ones([1, 1, 3, 1])"),
    right: [0.5, 1, 1],
  },
  {
    title: "`image.rotateWithOffset` has no gradient",
    code: of(
      "tf.mul(tf.image.rotateWithOffset(x, Math.PI / 2, 0, 0), [[[1], [2]], [[3], [4]]])",
      "tf.ones([1, 2, 2, 1])",
    ),
    right: [1, 0, 2, 0],
  },
  {
    title: "`sparse.sparseSegmentSum` has no gradient",
    code: of(`tf.sparse.sparseSegmentSum(x, ${index("[0, 0]")}, ${index("[0, 0]")})`, "tf.ones([2, 1])"),
    right: [2, 0],
  },
  {
    title: "`sparse.sparseSegmentMean` has no gradient",
    code: of(`tf.sparse.sparseSegmentMean(x, ${index("[0, 1]")}, ${index("[0, 0]")})`, "tf.ones([2, 1])"),
    right: [0.5, 0.5],
  },
  {
    title: "`sparse.sparseFillEmptyRows` has no gradient",
    code: of(
      `tf.sparse.sparseFillEmptyRows(${index("[[0, 0]]")}, x, ${index("[2, 1]")}, tf.scalar(0)).outputValues`,
      "tf.ones([1])",
    ),
    right: [1],
  },
  {
    title: "`bincount` has no gradient at its weights",
    code: of(`tf.mul(tf.bincount(${index("[1, 0, 1]")}, x, 2), [3, 4])`, "tf.tensor([1, 1, 1])"),
    right: [4, 3, 4],
  },
  {
    title: "`gather` throws where its indices depend on the input of the gradient",
    code: of('tf.gather(tf.mul(x, 2), tf.cast(x, "int32"))', "tf.tensor([1, 1])"),
    right: [0, 4],
  },
];
