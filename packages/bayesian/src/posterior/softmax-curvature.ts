import type { Matrix } from "@pellucid/core-train/linalg";

/** `diag p − p pᵀ`, the Hessian of the cross-entropy at the logits, for class probabilities `p`. */
export const softmaxCurvature = (p: ArrayLike<number>): Matrix =>
  Array.from(p, (pi, i) => Float64Array.from(p, (pj, j) => (i === j ? pi : 0) - pi * pj));
