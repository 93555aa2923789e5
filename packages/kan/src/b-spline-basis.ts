import { checkShape, checkSizes, defineOp, ShapeError, sizeAlong } from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  equal,
  expandDims,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";

interface Order {
  readonly order: number;
}

const op = defineOp({
  name: "PellucidBSplineBasis",
  inputs: { x: "float32[batch, feature]", grid: "float32[feature, knot]" },
  reference({ x, grid }, { order }: Order): Tensor3D {
    const at = expandDims(x, 2); // [batch, feature, 1]
    const knots = knotsOf(grid);
    const { count } = knots(0, 0);
    let basis: Tensor3D = cast(
      logicalAnd(greaterEqual(at, knots(0, 1).part), less(at, knots(1, 1).part)),
      "float32",
    ); // [batch, feature, count - 1]
    for (let k = 1; k <= order; k++) {
      const lower = basis;
      const part = (from: number): Tensor3D => slice(lower, [0, 0, from], [-1, -1, count - 1 - k]);
      const [start, end] = [knots(0, k + 1).part, knots(k + 1, k + 1).part];
      const left = mul(sub(at, start), inverse(sub(knots(k, k + 1).part, start)));
      const right = mul(sub(end, at), inverse(sub(end, knots(1, k + 1).part)));
      basis = add(mul(left, part(0)), mul(right, part(1)));
    }
    return basis;
  },
  gradient: (dy, { x, grid }, { order }) => ({
    x: (): Tensor => (order === 0 ? zerosLike(x) : sum(mul(dy, derivative(x, grid, order)), 2)),
  }),
});

/**
 * The functions of a B-spline basis at each feature, each with its own knots: {@link splineBasis} on the backend, with its gradient.
 *
 * @param x `[batch, feature]`
 * @param grid `[feature, knot]`, increasing along each row; it has no gradient
 * @param order the degree of the polynomials, 3 for cubic ones
 * @returns `[batch, feature, knot − order − 1]`
 * @throws {ShapeError} If the shapes do not fit, or there are fewer than `order + 2` knots.
 */
export function bSplineBasis(x: Tensor2D, grid: Tensor2D, order: number): Tensor3D {
  checkBasis("bSplineBasis", x, grid, order);
  return op({ x, grid }, { order });
}

/** Checks what goes into a basis. */
export function checkBasis(caller: string, x: Tensor2D, grid: Tensor2D, order: number): void {
  checkSizes(caller, { order }, 0);
  checkShape(caller, "x", x, ["batch", "feature"]);
  checkShape(caller, "grid", grid, [x.shape[1], "knot"]);
  if (grid.shape[1] < order + 2)
    throw new ShapeError(
      `${caller}: grid has ${grid.shape[1]} knots, expected ${order + 2} or more for the order ${order}.`,
    );
}

/** `B′`, `[batch, feature, function]`. */
function derivative(x: Tensor2D, grid: Tensor2D, order: number): Tensor3D {
  return tidy(() => {
    const knots = knotsOf(grid);
    const lower = op({ x, grid }, { order: order - 1 }); // [batch, feature, count - order]
    const widths = sub(knots(order, order).part, knots(0, order).part); // [feature, count - order]
    const rates: Tensor3D = mul(order, mul(lower, inverse(widths)));
    const functions = sizeAlong(rates, 2) - 1;
    const part = (from: number): Tensor3D => slice(rates, [0, 0, from], [-1, -1, functions]);
    return sub(part(0), part(1));
  });
}

/** `knots(from, fewer)` are the knots from the index `from`, `fewer` fewer than all. */
function knotsOf(grid: Tensor2D): (from: number, fewer: number) => { part: Tensor2D; count: number } {
  const count = grid.shape[1];
  return (from, fewer) => ({ part: slice(grid, [0, from], [-1, count - fewer]), count });
}

/** `1 / x`, and 0 at 0. */
export function inverse<X extends Tensor>(x: X): X {
  const isZero = equal(x, 0);
  const one = add(x, cast(isZero, "float32"));
  return where(isZero, zeros(x.shape), div(1, one)) as X;
}
