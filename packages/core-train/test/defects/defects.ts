/** Something that tfjs 4.22 gets wrong, or does not have. */
export interface Defect {
  readonly title: string;
  /** An expression in `tf`, small enough to be reported. */
  readonly code: string;
  /** What should come out. */
  readonly right: readonly number[];
}

/** A backend, or `core` for what is wrong on each. */
export type Place = "core" | "cpu" | "wasm" | "webgpu";

const of = (code: string, x: string) => `tf.grad((x) => ${code})(${x})`;
const twice = (code: string, x: string) => `tf.grad((x) => tf.grad((x) => ${code})(x))(${x})`;
const index = (rows: string) => `tf.tensor(${rows}, undefined, "int32")`;

/** The slope of `sum(f(x)²)`, summed, differentiated once more. */
const bent = (code: string, x: string) => twice(`tf.sum(tf.square(${code}))`, x);

export const defects: Readonly<Record<Place, readonly Defect[]>> = {
  core: [
    // no gradient at all
    {
      title: "`conv2d` with dilation has no gradient",
      code: of('tf.conv2d(x, tf.ones([2, 2, 1, 1]), 1, "valid", "NHWC", 2)', "tf.ones([1, 3, 3, 1])"),
      right: [1, 0, 1, 0, 0, 0, 1, 0, 1],
    },
    {
      title: "`depthwiseConv2d` with dilation has no gradient",
      code: of(
        'tf.depthwiseConv2d(x, tf.ones([2, 2, 1, 1]), 1, "valid", "NHWC", 2)',
        "tf.ones([1, 3, 3, 1])",
      ),
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
      right: [0, 1, 1, 0],
    },
    // a wrong one
    {
      title: "the gradient of `avgPool` divides by the whole window where it reaches over the edge",
      code: of('tf.avgPool(x, 2, 2, "same")', "tf.ones([1, 1, 3, 1])"),
      right: [0.5, 0.5, 1],
    },
    {
      title: "the gradient of `avgPool3d` does so too",
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
    // a second one
    {
      title: "`exp` has a wrong second derivative where its output goes on",
      code: bent("tf.exp(x)", "tf.tensor([0])"),
      right: [4],
    },
    { title: "`sigmoid` has one too", code: bent("tf.sigmoid(x)", "tf.tensor([1])"), right: [-0.0555307] },
    { title: "`tanh` has one too", code: twice("tf.tanh(x)", "tf.tensor([0.5])"), right: [-0.72686234] },
    {
      title: "`softmax` has one too",
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
  ],
  cpu: [
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
  ],
  wasm: [
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
      right: [2, 3],
    },
    {
      title: "`stridedSlice` that takes an axis away reads elsewhere along the others",
      code: "tf.stridedSlice(tf.reshape(tf.range(0, 60), [3, 4, 5]), [1, 0, 1], [2, 4, 5], [1, 1, 2], 0, 0, 0, 0, 1)",
      right: [21, 23, 26, 28, 31, 33, 36, 38],
    },
  ],
  webgpu: [
    {
      title: "`cumsum` backward has the length of the first tensor that it saw",
      code: "(tf.cumsum(tf.ones([2]), 0, false, true), tf.cumsum(tf.tensor([1, 2, 3]), 0, false, true))",
      right: [6, 5, 3],
    },
    {
      title: "`cumprod` backward does so too",
      code: "(tf.cumprod(tf.ones([2]), 0, false, true), tf.cumprod(tf.tensor([4, 2, 3]), 0, false, true))",
      right: [24, 6, 3],
    },
    {
      title: "`transpose` of what was cast to float has a shader that does not compile",
      code: 'tf.transpose(tf.cast(tf.greater(tf.tensor([[[1, 2], [3, 4]]]), 1), "float32"), [0, 2, 1])',
      right: [0, 1, 1, 1],
    },
    {
      title: "`pad` has one from rank 5 on",
      code: "tf.pad(tf.ones([1, 1, 1, 1, 1]), [[0, 0], [0, 0], [0, 0], [0, 0], [1, 0]])",
      right: [0, 1],
    },
    {
      title: "`add` of a vector has one from rank 5 on, as all that broadcasts",
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
  ],
};

/** What an expression gives; throws what it throws. */
export async function evaluate(tf: object, { code }: Defect): Promise<number[]> {
  // oxlint-disable-next-line typescript/no-implied-eval -- the page in docs shows what is run here
  const run = new Function("tf", `return ${code};`) as (tf: object) => { data(): Promise<ArrayLike<number>> };
  return Array.from(await run(tf).data());
}

/** Whether numbers are right, for 32 bits. */
export const isRight = (found: readonly number[], { right }: Defect): boolean =>
  found.length === right.length &&
  right.every((n, i) => Math.abs(n - (found[i] as number)) <= 1e-5 * Math.max(1, Math.abs(n)));
