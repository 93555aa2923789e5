import { add, mul, sigmoid, split, tanh, type Tensor2D } from "@tensorflow/tfjs-core";

/** What a moment makes of an LSTM. */
export interface LstmTimeStep {
  /** How open the gates are: `i`, `f`, `g` and `o` side by side, `[batch, 4 hidden]`. */
  readonly gates: readonly [i: Tensor2D, f: Tensor2D, g: Tensor2D, o: Tensor2D];
  /** `[batch, hidden]` */
  readonly c: Tensor2D;
  /** `[batch, hidden]` */
  readonly h: Tensor2D;
}

/**
 * A moment of an LSTM: `c ← σ(f) c + σ(i) tanh(g)`, `h = σ(o) tanh(c)`. To be called in a `tidy`.
 *
 * @param z what the gates read, side by side, `[batch, 4 hidden]`
 */
export function lstmTimeStep(z: Tensor2D, before: Tensor2D): LstmTimeStep {
  const [i, f, g, o] = split(z, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const gates = [sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)] as const;
  const c: Tensor2D = add(mul(gates[1], before), mul(gates[0], gates[2]));
  return { gates, c, h: mul(gates[3], tanh(c)) };
}
