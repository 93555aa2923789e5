import { defineOp, noGrad, sizeAlong } from "@pellucid/core-train";
import {
  add,
  cast,
  concat,
  expandDims,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  maximum,
  minimum,
  mul,
  ones,
  range,
  type Rank,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkBasis, inverse } from "./b-spline-basis.ts";

/**
 * The `order + 1` functions that are not 0 in the interval of `x`, from the knots around it. The steps are those of {@link bSplineBasis} without those that
 * multiply zeros (Piegl and Tiller, 1997, algorithm A2.2).
 */
const op = defineOp({
  name: "PellucidLocalBasis",
  inputs: { x: "float32[batch, feature]", knots: "float32[batch, feature, knot]" },
  reference({ x, knots }, { order }: { readonly order: number }): Tensor3D {
    const at = expandDims(x, 2); // [batch, feature, 1]
    const [batch, features] = x.shape;
    const none = zeros<Rank.R3>([batch, features, 1]);
    let values = ones<Rank.R3>([batch, features, 1]);
    for (let k = 1; k <= order; k++) {
      const { start, end } = around(knots, k);
      const share = mul(values, inverse(sub(end, start)));
      const falling = concat([mul(share, sub(end, at)), none], 2);
      const rising = concat([none, mul(share, sub(at, start))], 2);
      values = add(falling, rising); // [batch, feature, k + 1]
    }
    return values;
  },
  gradient: (dy, { x, knots }, { order }) => ({
    x: (): Tensor => {
      if (order === 0) return zerosLike(x);
      const [batch, features] = x.shape;
      const none = zeros<Rank.R3>([batch, features, 1]);
      const { start, end } = around(knots, order);
      const rates = mul(order, mul(op({ x, knots }, { order: order - 1 }), inverse(sub(end, start))));
      return sum(mul(dy, sub(concat([none, rates], 2), concat([rates, none], 2))), 2);
    },
  }),
});

/** The starts and ends of the `k` functions of the previous order that are not 0. */
function around(knots: Tensor3D, k: number): { start: Tensor3D; end: Tensor3D } {
  const middle = sizeAlong(knots, 2) / 2;
  return {
    start: slice(knots, [0, 0, middle - k], [-1, -1, k]),
    end: slice(knots, [0, 0, middle], [-1, -1, k]),
  };
}

/** The functions of a basis that are not 0 at each feature. */
export interface LocalBasis {
  /** `[batch, feature, order + 1]` */
  readonly values: Tensor3D;
  /** int32 `[batch, feature, order + 1]`, the index of each of these functions in the basis; 0 for those that do not exist, whose value is 0 */
  readonly indices: Tensor3D;
}

/**
 * The functions of {@link bSplineBasis} that are not 0, and which they are: of `knot − order − 1` functions only `order + 1` at any `x`.
 *
 * @param x `[batch, feature]`
 * @param grid `[feature, knot]`, increasing along each row; it has no gradient
 * @param order the degree of the polynomials
 * @throws {ShapeError} If the shapes do not fit, or there are fewer than `order + 2` knots.
 */
export function localBasis(x: Tensor2D, grid: Tensor2D, order: number): LocalBasis {
  checkBasis("localBasis", x, grid, order);
  return tidy(() => {
    const { knots, kept, indices } = noGrad(() => nearby(x, grid, order));
    return { values: mul<Tensor3D>(op({ x, knots }, { order }), kept), indices };
  });
}

/** The interval of each feature: the knots around it, and which functions are not 0 there. */
function nearby(
  x: Tensor2D,
  grid: Tensor2D,
  order: number,
): { knots: Tensor3D; kept: Tensor3D; indices: Tensor3D } {
  const [features, count] = grid.shape;
  const reached = cast(greaterEqual(expandDims(x, 2), grid), "int32"); // [batch, feature, knot]
  const interval: Tensor2D = sub(sum(reached, 2), int(1)); // [batch, feature]
  const isInside = logicalAnd(greaterEqual(interval, int(0)), less(interval, int(count - 1)));
  const clamped: Tensor2D = minimum(maximum(interval, int(0)), int(count - 2));

  // knots beyond the ends, for functions that do not exist
  const beyond = cast(range(1, order + 1, 1, "int32"), "float32"); // [order]
  const before = sub(slice(grid, [0, 0], [-1, 1]), sub(order + 1, beyond));
  const after = add(slice(grid, [0, count - 1], [-1, 1]), beyond);
  const padded = reshape(order === 0 ? grid : concat([before, grid, after], 1), [-1]);
  const rows = mul(range(0, features, 1, "int32"), int(count + 2 * order)); // [feature]
  const offsets = range(1, 2 * order + 1, 1, "int32"); // [2 order]
  const knots: Tensor3D =
    order === 0
      ? zeros<Rank.R3>([x.shape[0], features, 0])
      : gather<Tensor3D>(padded as Tensor as Tensor3D, add(expandDims(add(clamped, rows), 2), offsets)); // [batch, feature, 2 order]

  const functions: Tensor3D = add(expandDims(sub(clamped, int(order)), 2), range(0, order + 1, 1, "int32")); // [batch, feature, order + 1]
  const exists = logicalAnd(greaterEqual(functions, int(0)), less(functions, int(count - order - 1)));
  const isKept: Tensor3D = logicalAnd(exists, expandDims(isInside, 2));
  return {
    knots,
    kept: cast(isKept, "float32"),
    indices: mul<Tensor3D>(functions, cast(isKept, "int32")),
  };
}

/** tfjs takes a bare number for a float. */
const int = (value: number) => scalar(value, "int32");
