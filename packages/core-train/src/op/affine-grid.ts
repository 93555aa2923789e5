import {
  matMul,
  type Rank,
  reshape,
  type Tensor,
  type Tensor3D,
  tensor2d,
  type Tensor4D,
  type Tensor5D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { perAxis } from "./per-axis.ts";
import { checkArguments } from "../check-arguments.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link affineGrid}. */
export interface AffineGridOptions {
  /** Whether −1 and 1 are the centers of the outermost pixels, rather than the borders of the output. Default: false. */
  readonly alignCorners?: boolean;
}

/**
 * The grid that `gridSample` reads for an affine map, as `torch.nn.functional.affine_grid`: the coordinates `θ (x, y, 1)` for each
 * pixel `(x, y)` of the output.
 *
 * Jaderberg et al., 2015, eq. 1. https://arxiv.org/abs/1506.02025
 *
 * @param theta `[batch, 2, 3]` for images, `[batch, 3, 4]` for volumes
 * @param size `[height, width]` of the output, or `[depth, height, width]`; PyTorch's also has batch and channels
 * @returns `[batch, height, width, 2]`, or `[batch, depth, height, width, 3]`
 */
export function affineGrid(
  theta: Tensor3D,
  size: readonly [height: number, width: number],
  options?: AffineGridOptions,
): Tensor4D;
export function affineGrid(
  theta: Tensor3D,
  size: readonly [depth: number, height: number, width: number],
  options?: AffineGridOptions,
): Tensor5D;
export function affineGrid(
  theta: Tensor3D,
  size: readonly number[],
  options: AffineGridOptions = {},
): Tensor {
  checkOptions("affineGrid", options, ["alignCorners"]);
  const { alignCorners = false } = options;
  checkArguments("affineGrid", { tensor: { theta }, "size[]": { size } });
  const axes = size.length === 3 ? 3 : 2;
  const sizes = perAxis("affineGrid", "size", size, axes, 1);
  checkShape("affineGrid", "theta", theta, ["batch", axes, axes + 1]);
  const [batch] = theta.shape;
  if (batch === 0) return zeros([0, ...sizes, axes]);
  return tidy(() => {
    const points = tensor2d(pixelCenters(sizes, alignCorners)); //                       [pixel, axis + 1]
    const all = reshape<Rank.R3>(points, [1, ...points.shape]); //                       [1, pixel, axis + 1]
    return reshape(matMul(all, theta, false, true), [batch, ...sizes, axes]);
  });
}

/** `(x, y, 1)` or `(x, y, z, 1)` of every pixel, row-major. */
function pixelCenters(sizes: readonly number[], alignCorners: boolean): number[][] {
  return sizes.reduce<number[][]>(
    (points, size) => points.flatMap((point) => line(size, alignCorners).map((at) => [at, ...point])),
    [[1]],
  );
}

/** Coordinates from −1 to 1, or half a pixel inside of these; 0 for a single pixel. */
function line(size: number, alignCorners: boolean): number[] {
  const reach = size === 1 ? 0 : alignCorners ? 1 : 1 - 1 / size;
  return Array.from({ length: size }, (_, i) => (size === 1 ? 0 : reach * ((2 * i) / (size - 1) - 1)));
}
