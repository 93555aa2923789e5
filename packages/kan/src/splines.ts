import { type HostTensor, type Initializer, matMul } from "@pellucid/core-train";
import { einsum, type Rank, reshape, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bSplineBasis } from "./b-spline-basis.ts";
import { leastSquares } from "./fit-spline.ts";
import { localSplines } from "./local-splines.ts";
import { splineBasis } from "./spline-basis.ts";

/**
 * The sum over features of the splines of all edges to each output.
 *
 * @param coef `[feature, function, output]`
 * @returns `[batch, output]`
 */
export function splineSum(
  x: Tensor2D,
  grid: Tensor2D,
  coef: Tensor3D,
  order: number,
  form: "full" | "local",
): Tensor2D {
  if (form === "local") return localSplines(x, grid, coef, order);
  return tidy(() => {
    const [features, functions, outputs] = coef.shape;
    const basis = reshape<Rank.R2>(bSplineBasis(x, grid, order), [x.shape[0], features * functions]);
    return matMul(basis, reshape<Rank.R2>(coef, [features * functions, outputs])); // [batch, output]
  });
}

/** The spline of each edge, `[batch, feature, output]`. */
export function splinePerEdge(x: Tensor2D, grid: Tensor2D, coef: Tensor3D, order: number): Tensor3D {
  return tidy(() => einsum("bif,ifo->bio", bSplineBasis(x, grid, order), coef) as Tensor3D);
}

/**
 * Draws random curves, and fits splines to them at the knots between the ends: `(U[0, 1) − ½) · scale / size`. The draws, `[size + 1, feature, output]`, are
 * those of both references.
 *
 * @param knots of every feature
 * @param axes PyTorch's order of the axes `[feature, function, output]`
 */
export function randomSplines(
  knots: Float64Array,
  order: number,
  scale: number,
  features: number,
  outputs: number,
  axes: "feature, output, function" | "output, feature, function",
): Initializer {
  return (shape, rng): HostTensor<Float32Array> => {
    const inner = knots.subarray(order, knots.length - order);
    const noise = rng.rand([inner.length, features, outputs]).data;
    const rows = splineBasis(inner, knots, order);
    const targets = Array.from({ length: inner.length }, (_, s) =>
      Float64Array.from(
        noise.subarray(s * features * outputs, (s + 1) * features * outputs),
        (u) => ((u - 0.5) * scale) / (inner.length - 1),
      ),
    );
    const fitted = leastSquares(rows, targets); // [function][feature * output]
    const functions = fitted.length;
    const data = new Float32Array(features * functions * outputs);
    for (let i = 0; i < features; i++)
      for (let o = 0; o < outputs; o++) {
        const edge = axes === "feature, output, function" ? i * outputs + o : o * features + i;
        for (let f = 0; f < functions; f++) data[edge * functions + f] = fitted[f]?.[i * outputs + o] ?? NaN;
      }
    return { data, shape };
  };
}
