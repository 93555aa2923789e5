import { checkArguments, checkSizes, ShapeError } from "@pellucid/core-train";

/**
 * The functions of a B-spline basis at each `x`, in 64 bits, by the recursion of Cox and de Boor:
 *
 *     B[i, 0](x) = 1 if t[i] ≤ x < t[i + 1], otherwise 0
 *     B[i, k](x) = (x − t[i]) / (t[i + k] − t[i]) · B[i, k − 1](x) + (t[i + k + 1] − x) / (t[i + k + 1] − t[i + 1]) · B[i + 1, k − 1](x)
 *
 * where 0 / 0, at equal knots, is 0. Outside of the knots all functions are 0.
 *
 * De Boor, 1972. On calculating with B-splines.
 *
 * @param order the degree of the polynomials, 3 for cubic ones
 * @returns a row for each `x`, of `knots − order − 1` numbers
 * @throws {ShapeError} If there are fewer than `order + 2` knots.
 */
export function splineBasis(x: ArrayLike<number>, knots: ArrayLike<number>, order: number): Float64Array[] {
  checkArguments("splineBasis", { numbers: { x, knots } });
  checkKnots("splineBasis", knots, order);
  return Array.from(x, (value) => basisAt(value, knots, order));
}

/**
 * The derivatives of {@link splineBasis}:
 *
 *     B′[i, k] = k / (t[i + k] − t[i]) · B[i, k − 1] − k / (t[i + k + 1] − t[i + 1]) · B[i + 1, k − 1]
 *
 * @returns a row for each `x`, of `knots − order − 1` numbers
 * @throws {ShapeError} If there are fewer than `order + 2` knots.
 */
export function splineDerivative(
  x: ArrayLike<number>,
  knots: ArrayLike<number>,
  order: number,
): Float64Array[] {
  checkArguments("splineDerivative", { numbers: { x, knots } });
  checkKnots("splineDerivative", knots, order);
  const count = knots.length - order - 1;
  const t = (i: number) => knots[i] ?? NaN;
  return Array.from(x, (value) => {
    if (order === 0) return new Float64Array(count);
    const lower = basisAt(value, knots, order - 1);
    const part = (i: number) => ratio(order * (lower[i] ?? NaN), t(i + order) - t(i));
    return Float64Array.from({ length: count }, (_, i) => part(i) - part(i + 1));
  });
}

function basisAt(x: number, knots: ArrayLike<number>, order: number): Float64Array {
  const t = (i: number) => knots[i] ?? NaN;
  let basis = Float64Array.from({ length: knots.length - 1 }, (_, i) => Number(t(i) <= x && x < t(i + 1)));
  for (let k = 1; k <= order; k++) {
    const lower = basis;
    basis = Float64Array.from({ length: lower.length - 1 }, (_, i) => {
      const [left = 0, right = 0] = [lower[i], lower[i + 1]];
      return (
        ratio(x - t(i), t(i + k) - t(i)) * left + ratio(t(i + k + 1) - x, t(i + k + 1) - t(i + 1)) * right
      );
    });
  }
  return basis;
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

function checkKnots(caller: string, { length }: ArrayLike<number>, order: number): void {
  checkSizes(caller, { order }, 0);
  if (length < order + 2)
    throw new ShapeError(
      `${caller}: there are ${length} knots, expected ${order + 2} or more for the order ${order}. See uniformKnots.`,
    );
}
