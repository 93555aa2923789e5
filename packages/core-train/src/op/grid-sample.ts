import {
  add,
  concat,
  expandDims,
  mul,
  ones,
  range,
  type Rank,
  reshape,
  scalar,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  type Tensor5D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { OptionError } from "../option-error.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { columnTotal } from "./column-sum.ts";
import { embedding } from "./embedding.ts";
import { samplingTaps, type SamplingOptions } from "./sampling-taps.ts";
import { sliceAlong } from "./slice-along.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link gridSample}. */
export type GridSampleOptions = Partial<SamplingOptions>;

/**
 * Samples images or volumes at the coordinates of a grid, as `torch.nn.functional.grid_sample`: what a spatial transformer, optical
 * flow or a warp reads with. −1 and 1 are the borders of the input, or with `alignCorners` the centers of its outermost pixels.
 *
 * Jaderberg et al., 2015, eq. 3. https://arxiv.org/abs/1506.02025
 *
 * @param x `[batch, height, width, channel]`, or `[batch, depth, height, width, channel]`; PyTorch has channels second
 * @param grid `[batch, height, width, 2]` of the output, or `[batch, depth, height, width, 3]`; the last axis is `(x, y)`, or `(x, y, z)`
 * @returns `[batch, height, width, channel]` with the size of the grid, or `[batch, depth, height, width, channel]`
 * @throws ShapeError when the batches differ or the input has no pixels
 * @throws OptionError for bicubic sampling of volumes, which PyTorch lacks too
 */
export function gridSample<X extends Tensor4D | Tensor5D>(x: X, grid: X, options: GridSampleOptions = {}): X {
  checkOptions("gridSample", options, ["mode", "paddingMode", "alignCorners"]);
  checkTensor("gridSample", "x", x);
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  const names = x.rank === 5 ? ["depth", "height", "width"] : ["height", "width"];
  checkShape("gridSample", "x", x, ["batch", ...names, "channel"]);
  const [batch = 0, ...rest] = x.shape;
  checkShape("gridSample", "grid", grid, [batch, ...names, names.length]);
  const [sizes, channels] = [rest.slice(0, -1), rest.at(-1) ?? 0];
  if (sizes.includes(0)) {
    throw new ShapeError(`gridSample: x is [${x.shape.join(", ")}], expected at least one pixel to sample.`);
  }
  if (mode === "bicubic" && names.length === 3) {
    throw new OptionError("gridSample", "mode", '"bicubic"', '"bilinear" or "nearest" for volumes');
  }
  const outputShape = [...grid.shape.slice(0, -1), channels];
  if (sizeOf(outputShape) === 0) return zeros<Rank>(outputShape) as X;
  return tidy(() => {
    const points = grid.size / sizes.length;
    const coordinates = reshape<Rank.R2>(grid, [points, sizes.length]); //               [point, axis]
    const axes = sizes.map((size, i) => {
      const column = sliceAlong(coordinates, 1, sizes.length - 1 - i, 1); //             [point, 1]
      return {
        size,
        taps: samplingTaps(reshape(column, [points]), size, { mode, paddingMode, alignCorners }),
      };
    });
    const corners = axes.reduce<Corner[]>(
      (found, { size, taps }) =>
        found.flatMap(({ index, weight }) =>
          taps.map((tap) => ({
            index: add(mul(index, scalar(size, "int32")), tap.index),
            weight: weight === null ? tap.weight : mul(weight, tap.weight),
          })),
        ),
      [{ index: imageOf(batch, points / batch), weight: null }],
    );
    const from = concat(corners.map(({ index }) => index)); //                           [corner * point]
    const weights = concat(corners.map(({ weight }) => weight ?? ones([points]))); //    [corner * point]
    const pixels = reshape<Rank.R2>(x, [x.size / channels, channels]); //                [pixel, channel]
    const read = mul(embedding(from, pixels), expandDims(weights, 1)); //                   [corner * point, channel]
    const y = columnTotal(reshape<Rank.R2>(read, [corners.length, points * channels])); // [point * channel]
    return reshape<Rank>(y, outputShape);
  }) as X;
}

/** What one pixel contributes to each point: where it is among all pixels, and how much it counts; `null` is 1. */
interface Corner {
  /** `[point]` int32 */
  readonly index: Tensor1D;
  /** `[point]` */
  readonly weight: Tensor1D | null;
}

/** Which image of the batch each point reads: `[point]` int32. */
function imageOf(batch: number, pointsEach: number): Tensor1D {
  const images = expandDims(range(0, batch, 1, "int32"), 1); //                          [batch, 1]
  const repeated: Tensor = mul(images, ones([1, pointsEach], "int32")); //               [batch, point]
  return reshape<Rank.R1>(repeated, [batch * pointsEach]);
}
