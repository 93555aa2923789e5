import {
  checkOptions,
  checkShape,
  checkSizes,
  detach,
  matMul,
  ShapeError,
  WindowError,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  cast,
  clone,
  concat,
  floor,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  type Rank,
  reshape,
  slice,
  stack,
  sub,
  tensor,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { clampIndices } from "./clamp-indices.ts";
import { weightedGather } from "./weighted-gather.ts";

type PairOf = number | readonly [height: number, width: number];

/** Options for {@link deformConv2d}: how the window moves, and the mask of version 2. */
export interface DeformConv2dOptions {
  /** `[out]`. Default: none. */
  readonly bias?: Tensor1D | null;
  /** What each sample is multiplied by, `[batch, outHeight, outWidth, group · kernelHeight · kernelWidth]`: version 2. Default: 1. */
  readonly mask?: Tensor4D | null;
  /** Default: 1. */
  readonly stride?: PairOf;
  /** Default: 0. */
  readonly padding?: PairOf;
  /** Default: 1. */
  readonly dilation?: PairOf;
}

/**
 * A convolution whose window is bent: each of its elements reads at an offset of its own, bilinearly, as `torchvision.ops.deform_conv2d`; with a mask, version 2.
 * Neighbors outside of the image count 0, one by one. The input, the offsets, the mask, the weight and the bias have gradients.
 *
 * The channels of an offset are `(group · kernel + k) · 2` for its `y` and the next one for its `x`, with `k` from the left of the first row of the window.
 *
 * Dai et al., 2017. https://arxiv.org/abs/1703.06211 · Zhu et al., 2019, eq. 2. https://arxiv.org/abs/1811.11168
 *
 * @param x `[batch, height, width, in]`
 * @param offset `[batch, outHeight, outWidth, group · kernelHeight · kernelWidth · 2]`; a group of channels is moved together
 * @param weight `[kernelHeight, kernelWidth, in / weightGroups, out]`; PyTorch keeps `[out, in / weightGroups, …]`
 * @returns `[batch, outHeight, outWidth, out]`
 * @throws ShapeError when the shapes do not match
 * @throws WindowError when the window does not fit into the padded image
 */
export function deformConv2d(
  x: Tensor4D,
  offset: Tensor4D,
  weight: Tensor4D,
  options: DeformConv2dOptions = {},
): Tensor4D {
  checkOptions("deformConv2d", options, ["bias", "mask", "stride", "padding", "dilation"]);
  const { bias = null, mask = null } = options;
  checkShape("deformConv2d", "x", x, ["batch", "height", "width", "in"]);
  checkShape("deformConv2d", "weight", weight, ["kernelHeight", "kernelWidth", "in / groups", "out"]);
  const [batch, , , channels] = x.shape;
  const [kernelHeight, kernelWidth, inOfGroup, out] = weight.shape;
  const kernel = kernelHeight * kernelWidth;
  const weightGroups = channels / inOfGroup;
  if (!Number.isInteger(weightGroups) || out % weightGroups !== 0)
    throw new ShapeError(
      `deformConv2d: weight is [${weight.shape.join(", ")}], expected an in / groups that divides the ${channels} channels of x, and groups that divide the ${out} outputs.`,
    );
  const axes = windowAxes(x, [kernelHeight, kernelWidth], options);
  const size = axes.map((axis) => axis.out);
  const groups = offset.rank === 4 ? offset.shape[3] / (2 * kernel) : 0;
  const fits = Number.isInteger(groups) && groups > 0 && channels % groups === 0;
  checkShape("deformConv2d", "offset", offset, [batch, ...size, fits ? 2 * kernel * groups : 2 * kernel]);
  if (mask !== null) checkShape("deformConv2d", "mask", mask, [batch, ...size, kernel * groups]);
  if (bias !== null) checkShape("deformConv2d", "bias", bias, [out]);
  return tidy(() => {
    const samples = sampleTaps(x, offset, mask, { axes, kernelWidth, kernel, groups });
    const rows = reshape<Rank.R2>(x, [-1, channels / groups]); //                          [position · group, channel]
    const read = weightedGather({ x: rows, ...samples }, {}); //                           [batch · out · group · kernel, channel]
    const each = channels / groups;
    const columns = transpose(reshape(read, [-1, groups, kernel, each]), [0, 2, 1, 3]); // [batch · out, kernel, group, channel]
    const y = multiply(reshape(columns, [-1, kernel, channels]), weight, weightGroups); // [batch · out, outChannel]
    const shaped = reshape<Rank.R4>(y, [batch, ...(size as [number, number]), out]);
    return bias === null ? shaped : add<Tensor4D>(shaped, bias);
  });
}

interface WindowAxis {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly out: number;
}

function windowAxes(
  x: Tensor4D,
  kernel: readonly number[],
  { stride = 1, padding = 0, dilation = 1 }: DeformConv2dOptions,
): WindowAxis[] {
  return kernel.map((size, i) => {
    const of = (value: PairOf): number => (typeof value === "number" ? value : (value[i] ?? NaN));
    const axis = { stride: of(stride), padding: of(padding), dilation: of(dilation) };
    checkSizes("deformConv2d", { stride: axis.stride, dilation: axis.dilation });
    checkSizes("deformConv2d", { padding: axis.padding }, 0);
    const length = x.shape[i + 1] ?? 0;
    const out = Math.floor((length + 2 * axis.padding - axis.dilation * (size - 1) - 1) / axis.stride) + 1;
    if (out < 1)
      throw new WindowError(
        `deformConv2d: the window of ${size} does not fit into an axis of ${length} with padding ${axis.padding}, expected at least one position.`,
      );
    return { ...axis, out };
  });
}

interface Samples {
  readonly axes: readonly WindowAxis[];
  readonly kernelWidth: number;
  readonly kernel: number;
  readonly groups: number;
}

/** The four neighbors of each sample and their weights: `[batch · out · group · kernel, 4]`. */
function sampleTaps(x: Tensor4D, offset: Tensor4D, mask: Tensor4D | null, samples: Samples) {
  const { axes, kernelWidth, kernel, groups } = samples;
  const [batch, height, width] = x.shape;
  const [down, across] = axes as [WindowAxis, WindowAxis];
  const count = down.out * across.out * groups * kernel;
  const moved = reshape(offset, [batch, count, 2]);
  const base = new Float32Array(count * 2);
  const group = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const k = i % kernel;
    const at = Math.floor(i / (kernel * groups));
    group[i] = Math.floor(i / kernel) % groups;
    base[2 * i] =
      Math.floor(at / across.out) * down.stride - down.padding + Math.floor(k / kernelWidth) * down.dilation;
    base[2 * i + 1] =
      (at % across.out) * across.stride - across.padding + (k % kernelWidth) * across.dilation;
  }
  const at = add(moved, tensor(base, [count, 2])); //                                  [batch, sample, 2]
  const low = detach(floor(at)); //                                                    [batch, sample, 2]
  const fraction = sub(at, low); //                                                    [batch, sample, 2]
  const limits = tensor([height - 1, width - 1]);
  const factor = mask === null ? null : reshape(mask, [batch, count]);
  const images = tensor(
    Int32Array.from({ length: batch }, (_, image) => image),
    [batch, 1],
    "int32",
  );
  const corners = [0, 1].flatMap((dy) =>
    [0, 1].map((dx) => {
      const corner = add(low, tensor([dy, dx])); //                                       [batch, sample, 2]
      const inside = logicalAnd(greaterEqual(corner, 0), lessEqual(corner, limits));
      const near = mul(
        cast(inside, "float32"),
        concat(
          [
            dy === 1 ? last(fraction, 0) : sub(1, last(fraction, 0)),
            dx === 1 ? last(fraction, 1) : sub(1, last(fraction, 1)),
          ],
          2,
        ),
      ); //                                                                               [batch, sample, 2]
      const weight = mul(flat(last(near, 0)), flat(last(near, 1))); //                    [batch, sample]
      const index = clampIndices(corner, [height, width]); //                             [batch, sample, 2] int32
      const rows = add(
        mul(add(mul(images, int(height)), flat(last(index, 0))), int(width)),
        flat(last(index, 1)),
      );
      return {
        index: add(mul(rows, int(groups)), tensor(group, [count], "int32")), //           [batch, sample]
        weight: factor === null ? weight : mul(weight, factor),
      };
    }),
  );
  const flatten = (parts: Tensor[]): Tensor2D => reshape(stack(parts, 2), [batch * count, 4]);
  return {
    indices: flatten(corners.map(({ index }) => index)),
    weights: flatten(corners.map(({ weight }) => weight)),
  };
}

function last(x: Tensor, i: number): Tensor {
  return slice(x, [0, 0, i], [-1, -1, 1]);
}

function flat(x: Tensor): Tensor2D {
  return reshape(x, [sizeAlong(x, 0), sizeAlong(x, 1)]);
}

function int(n: number): Tensor {
  return tensor(n, [], "int32");
}

/** The product with the weight, by its groups of channels. */
function multiply(columns: Tensor, weight: Tensor4D, groups: number): Tensor2D {
  const [kernelHeight, kernelWidth, inOfGroup, out] = weight.shape;
  const kernel = kernelHeight * kernelWidth;
  const outOfGroup = out / groups;
  const filters = reshape(weight, [kernel * inOfGroup, out]);
  const parts = Array.from({ length: groups }, (_, group) => {
    const own = groups === 1 ? columns : slice(columns, [0, 0, group * inOfGroup], [-1, -1, inOfGroup]);
    const theirs = groups === 1 ? filters : slice(filters, [0, group * outOfGroup], [-1, outOfGroup]);
    return matMul(reshape(own, [-1, kernel * inOfGroup]), theirs) as Tensor2D; // [batch · out, outOfGroup]
  });
  return parts.length === 1 ? clone(parts[0] as Tensor2D) : concat(parts, 1);
}
