import type { Defect, Scope } from "./defect.ts";

/** What a maintainer of tfjs could do about a defect, and a file here that does it. */
export interface Fix {
  readonly idea: string;
  /** From the root of the repository. */
  readonly file: string;
}

const gradients = "packages/core-train/src/tfjs-gradients";
const kernels = "packages/kernels/src";

const callOps =
  "Call ops, not methods: `tf.split(x, …)` for `x.split(…)`. Tensors have methods only once `@tensorflow/tfjs` or `public/chained_ops` was imported.";

/** The first line whose pattern fits the title of a defect has its fix. */
const onAll: readonly (readonly [title: RegExp, file: string, idea: string])[] = [
  [
    /second derivative.*further/u,
    "register-higher-order.ts",
    "The saved output is a copy that the tape does not connect to the input. In `gradFunc`, compute the output again from the saved input when the gradient is itself taped, or save the input.",
  ],
  [
    /`elu` has no/u,
    "register-arithmetic-gradients.ts",
    "Write the gradient with ops that have gradients, from the input.",
  ],
  [
    /`conv2d`|`depthwiseConv2d`/u,
    "register-convolution-gradients.ts",
    "Space the filter out by the dilation, or compute the gradients as convolutions themselves; register gradients for the two backprop kernels.",
  ],
  [
    /`conv3d/u,
    "register-volume-gradients.ts",
    "Register gradients for `Conv3DBackpropInputV2` and `Conv3DBackpropFilterV2`, each of which is a convolution, and pass on the dilation.",
  ],
  [
    /`einsum`/u,
    "register-einsum-gradient.ts",
    "The gradient at an operand is the `einsum` of `dy` with the other operands, with the subscripts exchanged.",
  ],
  [
    /`gatherND`|`scatterND`|`tensorScatterUpdate`|`sparseToDense`|`stridedSlice`|`topk`|`diag`|`depthToSpace`|flipLeftRight|`gather`|comparison/u,
    "register-indexing-gradients.ts",
    "What reads by indices is written back by the same indices: the gradient of a gathering op is the scattering op, and the other way around; comparisons have a gradient of zero.",
  ],
  [
    /incount`|sparse\./u,
    "register-sparse-gradients.ts",
    "Each sum over segments has the gather of `dy` at the segments as its gradient.",
  ],
  [
    /`cumprod`|`prod`|`cumsum`/u,
    "register-scan-gradients.ts",
    "Permute back with the inverse permutation; products without division, from the running products of both sides, so that zeros do no harm.",
  ],
  [
    /complex|spectral|signal/u,
    "register-complex-gradients.ts",
    "Let the tape take complex tensors: the gradient at `a` of `a b` is `dy` times the conjugate of `b`, that of a Fourier transform the inverse one, unscaled.",
  ],
  [
    /cropAndResize|resizeBilinear/u,
    "register-image-gradients.ts",
    "Spread `dy` by the weights that the forward op has, half-pixel centers included.",
  ],
  [
    /image\.transform|rotateWithOffset/u,
    "register-warp-gradients.ts",
    "Spread `dy` to the pixels that were read, by their bilinear weights.",
  ],
  [
    /`avgPool|`maxPool/u,
    "register-pooling-gradients.ts",
    "Divide by the number of positions that the window has inside of the input; register gradients for the gradients.",
  ],
  [/mirrorPad/u, "register-mirror-gradient.ts", "Fold back what was mirrored, and add it up."],
  [
    /maximum|minimum|squaredDifference|matMul|floorDiv|cast to integers/u,
    "register-arithmetic-gradients.ts",
    "Sum `dy` over the axes that were broadcast, as the gradient of `add` does; the gradient of what rounds is zero.",
  ],
  [
    /`tile`/u,
    "register-tile-gradient.ts",
    "Reshape `dy` to `[copies, size]` for each axis, and sum over the copies, at any rank.",
  ],
  [/`pow`/u, "register-pow-gradient.ts", "Take `e x^(e − 1)` as 0 where `e` is 0."],
  [
    /localResponse|dilation2d/u,
    "register-neighborhood-gradients.ts",
    "Write the gradient with ops that have gradients.",
  ],
];

const onOne: readonly (readonly [title: RegExp, folder: string, idea: string])[] = [
  [
    /resizeBilinear|resizeNearest/u,
    "resize-gradient",
    "Index by the strides of the tensor that is read: batch, then row, then column.",
  ],
  [/matMul/u, "mat-mul", "Broadcast the batch of both operands, and take each one's own index in it."],
  [
    /stridedSlice/u,
    "strided-slice",
    "Reshape to the final shape only after the slice of all axes; integers stay integers.",
  ],
  [
    /complex/u,
    "complex",
    "Register the complex kernels; real and imaginary parts take the shape of their tensor, and each part is broadcast by itself.",
  ],
  [
    /image\.transform/u,
    "transform",
    "Take the one transform for each image of the batch; reflect by the distance to either edge.",
  ],
  [/rotateWithOffset/u, "rotate-with-offset", "Pass the fill value as a float."],
  [
    /cumsum|cumprod/u,
    "cumsum",
    "Take the axis modulo the rank; the length is a uniform, and not part of the cached shader.",
  ],
  [/conv2d|depthwiseConv2d/u, "conv2d-filter", "Register the kernels for the gradients."],
  [/conv3d/u, "conv3d-filter", "Begin at the padding of each axis."],
  [/`maxPool3d/u, "max-pool3d", "Begin with minus infinity: the smallest positive float is not the lowest."],
  [
    /`maxPool`/u,
    "max-pool-gradient",
    "Begin with minus infinity: the smallest positive float is not the lowest.",
  ],
  [/dilation2d/u, "dilation2d", "Begin with minus infinity: the smallest positive float is not the lowest."],
  [/gather/u, "gather", "Add the offset of the batch to each index; register `UnsortedSegmentSum`."],
  [/einsum/u, "einsum", "Write it as a transposition and a product of matrices."],
  [/Fourier/u, "fft", "Register `FFT` and `IFFT`."],
  [/`where`/u, "select", "Write one byte for each bool; take any rank, with flat indices."],
  [/`reverse`/u, "reverse", "Write one byte for each bool."],
  [/argM/u, "arg-max", "Compare so that what is not a number wins, as NumPy and PyTorch have it."],
  [/floorDiv/u, "wasm", "Divide integers as integers."],
  [/prelu/u, "prelu", "Allocate the broadcast shape."],
  [/`sum`/u, "empty-reduction", "Fill the result with zeros where the reduced axis is empty."],
  [/`prod`/u, "prod", "Reshape to the kept axes on the processor, too."],
  [/transpose/u, "cast", "Write the cast to float in the shader's types."],
  [/`pad`/u, "pad", "Index by flat offsets from rank 5 on."],
  [/`add`/u, "broadcast", "Index by flat offsets from rank 5 on."],
  [/`tile`/u, "tile", "Write the kernel for any rank, without reading back."],
  [/bitwiseAnd/u, "bitwise-and", "Register the kernel: one line of WGSL."],
];

/** @throws Error for a defect without a line in the tables above */
export function fixOf(scope: Scope, { title, alone = false }: Defect): Fix {
  const [folder, table] = scope === "core" ? [gradients, onAll] : [kernels, onOne];
  const found = table.find(([pattern]) => pattern.test(title));
  if (found === undefined) throw new Error(`fixes.ts says nothing about: ${title}`);
  const [, file, idea] = found;
  return { file: `${folder}/${file}`, idea: alone ? callOps : idea };
}
