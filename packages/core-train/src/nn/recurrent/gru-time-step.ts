import { add, mul, sigmoid, split, sub, tanh, type Tensor2D } from "@tensorflow/tfjs-core";

/** The result of {@link gruTimeStep}. */
export interface GruTimeStep {
  /** The reset gate, the update gate and the new gate, and the part of the new gate that comes from the state, `[batch, hidden]` each. */
  readonly gates: readonly [r: Tensor2D, z: Tensor2D, n: Tensor2D, recurrent: Tensor2D];
  /** The hidden state, `[batch, hidden]`. */
  readonly h: Tensor2D;
}

/**
 * One time step of a GRU: `n = tanh(xₙ + σ(xᵣ + uᵣ) uₙ)`, `h ← (1 − σ(x_z + u_z)) n + σ(x_z + u_z) h`. Call it in a `tidy`.
 *
 * @param x the input times its weights, `r`, `z` and `n` side by side, `[batch, 3 hidden]`
 * @param u the hidden state times its weights, in the same layout
 * @param previous the previous hidden state, `[batch, hidden]`
 */
export function gruTimeStep(x: Tensor2D, u: Tensor2D, previous: Tensor2D): GruTimeStep {
  const [xr, xz, xn] = split<Tensor2D>(x, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const [ur, uz, un] = split<Tensor2D>(u, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const r = sigmoid(add<Tensor2D>(xr, ur));
  const z = sigmoid(add<Tensor2D>(xz, uz));
  const n = tanh(add<Tensor2D>(xn, mul(r, un)));
  return { gates: [r, z, n, un], h: add(n, mul(z, sub(previous, n))) };
}
