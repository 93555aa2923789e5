import {
  add,
  cast,
  div,
  equal,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mul,
  onesLike,
  round,
  sub,
  type Tensor1D,
  where,
} from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import { clamp } from "./clamp.ts";

/** Options for sampling the input at a grid of points. */
export interface SamplingOptions {
  /** The interpolation between the pixels around a point; `"bilinear"` is trilinear for volumes. Default: `"bilinear"`. */
  readonly mode: "bilinear" | "nearest" | "bicubic";
  /** The values outside of the input: zeros, the nearest pixel of the border, or the input's mirror image. Default: `"zeros"`. */
  readonly paddingMode: "zeros" | "border" | "reflection";
  /** Whether −1 and 1 are the centers of the outermost pixels, rather than the borders of the input. Default: false. */
  readonly alignCorners: boolean;
}

/** One pixel along an axis that each point reads. */
interface Tap {
  /** `[point]` int32, inside the axis also where the weight is 0. */
  readonly index: Tensor1D;
  /** `[point]` */
  readonly weight: Tensor1D;
}

/**
 * The pixels that each point reads along one axis, and their weights. Weights have a gradient, indices are constant.
 *
 * @param coordinate `[point]`, from −1 to 1 inside the input
 * @param size the number of pixels along the axis
 */
export function samplingTaps(coordinate: Tensor1D, size: number, options: SamplingOptions): Tap[] {
  const { mode, alignCorners } = options;
  const position: Tensor1D = alignCorners
    ? mul(div(add(coordinate, 1), 2), size - 1)
    : div(sub(mul(add(coordinate, 1), size), 1), 2); //                       [point], in pixels
  if (mode === "bicubic") {
    const below: Tensor1D = noGrad(() => floor(position));
    const t: Tensor1D = sub(position, below);
    return cubicWeights(t).map((weight, i) => {
      const at = noGrad(() => moveInside(add(below, i - 1), size, options));
      return tap(at, weight, size);
    });
  }
  const p = moveInside(position, size, options);
  if (mode === "nearest") return [tap(round(p), onesLike(p), size)];
  const below: Tensor1D = noGrad(() => floor(p));
  const above: Tensor1D = add(below, 1);
  return [tap(below, sub(above, p), size), tap(above, sub(p, below), size)];
}

/** A pixel with its weight, which is 0 where the pixel is outside. */
function tap(at: Tensor1D, weight: Tensor1D, size: number): Tap {
  const index: Tensor1D = noGrad(() => cast(clamp(at, 0, size - 1), "int32"));
  const isInside = noGrad(() => cast(logicalAnd(greaterEqual(at, 0), lessEqual(at, size - 1)), "float32"));
  return { index, weight: mul(weight, isInside) };
}

/** Keys' cubic with a = −3/4, for the pixels at −1, 0, 1 and 2 of a point at `t`, 0 ≤ t < 1. */
function cubicWeights(t: Tensor1D): Tensor1D[] {
  const a = -0.75;
  const near = (x: Tensor1D): Tensor1D => add(mul(mul(sub(mul(x, a + 2), a + 3), x), x), 1);
  const far = (x: Tensor1D): Tensor1D => sub(mul(add(mul(sub(mul(x, a), 5 * a), x), 8 * a), x), 4 * a);
  return [far(add(t, 1)), near(t), near(sub(1, t)), far(sub(2, t))];
}

/** Moves positions into the axis as the padding says. Where a position is clipped, its gradient is 0. */
function moveInside(
  position: Tensor1D,
  size: number,
  { paddingMode, alignCorners }: SamplingOptions,
): Tensor1D {
  if (paddingMode === "zeros") return position;
  return clip(paddingMode === "border" ? position : mirror(position, size, alignCorners), size);
}

/** Unlike `clamp`, with gradient 0 on the bounds too: PyTorch's choice here. */
function clip(position: Tensor1D, size: number): Tensor1D {
  const isInside = noGrad(() => logicalAnd(greater(position, 0), less(position, size - 1)));
  return where(
    isInside,
    position,
    noGrad(() => clamp(position, 0, size - 1)),
  ) as Tensor1D;
}

/** Reflects at the centers of the outermost pixels, or at their borders, until the position is inside. */
function mirror(position: Tensor1D, size: number, alignCorners: boolean): Tensor1D {
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return mul(position, 0);
  const isBelow = noGrad(() => less(position, low));
  const distance = where(isBelow, sub(low, position), sub(position, low)); //  [point]
  const flips = noGrad(() => floor(div(distance, span))); //                   [point]
  const rest = sub(distance, mul(flips, span)); //                             [point], 0 to span
  const isEven = noGrad(() => equal(mul(floor(div(flips, 2)), 2), flips));
  return where(isEven, add(rest, low), sub(span + low, rest)) as Tensor1D;
}
