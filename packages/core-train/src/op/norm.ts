import {
  cast,
  div,
  equal,
  mul,
  notEqual,
  pow,
  reshape,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { abs } from "./abs.ts";
import { amax } from "./amax.ts";
import { amin } from "./amin.ts";
import { checkNotEmpty } from "./check-not-empty.ts";
import { defineOp } from "./define-op.ts";
import { resolveAxes } from "./resolve-axis.ts";
import { checkTensor } from "../check-tensor.ts";
import { OptionError } from "../option-error.ts";

interface NormAttributes {
  readonly p: number;
  readonly axes: number[];
  readonly keepDims: boolean;
}

const op = defineOp({
  name: "PellucidNorm",
  inputs: { x: "float32" },
  reference: ({ x }, { p, axes, keepDims }: NormAttributes): Tensor => {
    if (p === 2) return sqrt(sum(square(x), axes, keepDims));
    return pow(sum(pow(abs(x), p), axes, keepDims), 1 / p);
  },
  gradient: (dy, { x }, { p, axes }, y) => ({
    x: () => {
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const length = reshape(y, kept);
      const isZero = equal(length, 0);
      // |x|ᵖ⁻¹ sign(x) / lengthᵖ⁻¹, and 0 at the origin, where there is no gradient.
      const direction = div(x, where(isZero, 1, length));
      const steepness = p === 2 ? direction : mul(direction, lower(direction, p - 2));
      return mul(reshape(dy, kept), where(isZero, zerosLike(steepness), steepness));
    },
  }),
});

/** `|x|ᵉ`, and 0 at 0 also for a negative exponent: it is multiplied by `x`. */
function lower(x: Tensor, exponent: number): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0, pow(where(isZero, 1, abs(x)), exponent));
}

/**
 * The length `(Σ |x|ᵖ)^(1/p)` along axes, as `torch.linalg.vector_norm`: the largest of `|x|` for `p` = `Infinity`, how many
 * are not 0 for `p` = 0. At the origin its gradient is 0, where tfjs' own is NaN.
 *
 * @param p Default: 2.
 * @param axes Default: all.
 * @throws ShapeError for an infinite or negative `p` when there are no numbers along an axis
 */
export function norm<T extends Tensor>(
  x: Tensor,
  p = 2,
  axes?: number | readonly number[],
  keepDims = false,
): T {
  checkTensor("norm", "x", x);
  if (typeof p !== "number" || Number.isNaN(p)) throw new OptionError("norm", "p", p, "a number");
  const along = resolveAxes("norm", axes, x);
  if (p < 0 || p === Infinity) checkNotEmpty("norm", x, along);
  return tidy(() => {
    if (p === Infinity) return amax(abs(x), along, keepDims);
    if (p === -Infinity) return amin(abs(x), along, keepDims);
    if (p === 1) return sum(abs(x), along, keepDims);
    if (p === 0) return sum(mul(cast(notEqual(x, 0), "float32"), 1), along, keepDims); // times 1: see splitAmongTies
    return op({ x }, { p, axes: along, keepDims });
  }) as T;
}
