import { add, mul, sigmoid, split, sub, tanh, type Tensor2D } from "@tensorflow/tfjs-core";

/** What a moment makes of a GRU. */
export interface GruTimeStep {
  /** How open the gates are, what is new, and what the state before adds to that, `[batch, hidden]` each. */
  readonly gates: readonly [r: Tensor2D, z: Tensor2D, n: Tensor2D, recurrent: Tensor2D];
  /** `[batch, hidden]` */
  readonly h: Tensor2D;
}

/**
 * A moment of a GRU: `n = tanh(xₙ + σ(xᵣ + uᵣ) uₙ)`, `h ← (1 − σ(x_z + u_z)) n + σ(x_z + u_z) h`. To be called in a `tidy`.
 *
 * @param x what the input adds, `r`, `z` and `n` side by side, `[batch, 3 hidden]`
 * @param u what the state before adds, alike
 */
export function gruTimeStep(x: Tensor2D, u: Tensor2D, before: Tensor2D): GruTimeStep {
  const [xr, xz, xn] = split(x, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const [ur, uz, un] = split(u, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const r = sigmoid(add<Tensor2D>(xr, ur));
  const z = sigmoid(add<Tensor2D>(xz, uz));
  const n = tanh(add<Tensor2D>(xn, mul(r, un)));
  return { gates: [r, z, n, un], h: add(n, mul(z, sub(before, n))) };
}
