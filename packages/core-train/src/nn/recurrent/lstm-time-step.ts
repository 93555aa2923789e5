import { add, mul, sigmoid, split, tanh, type Tensor2D } from "@tensorflow/tfjs-core";

/** The result of {@link lstmTimeStep}. */
export interface LstmTimeStep {
  /** The gates after their activations, `[batch, hidden]` each. */
  readonly gates: readonly [i: Tensor2D, f: Tensor2D, g: Tensor2D, o: Tensor2D];
  /** The cell state, `[batch, hidden]`. */
  readonly c: Tensor2D;
  /** The hidden state, `[batch, hidden]`. */
  readonly h: Tensor2D;
}

/**
 * One time step of an LSTM: `c ← σ(f) c + σ(i) tanh(g)`, `h = σ(o) tanh(c)`. Call it in a `tidy`.
 *
 * @param z the gates `i`, `f`, `g`, `o` side by side before their activations, `[batch, 4 hidden]`
 * @param previous the previous cell state, `[batch, hidden]`
 */
export function lstmTimeStep(z: Tensor2D, previous: Tensor2D): LstmTimeStep {
  const [i, f, g, o] = split<Tensor2D>(z, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const gates = [sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)] as const;
  const c: Tensor2D = add(mul(gates[1], previous), mul(gates[0], gates[2]));
  return { gates, c, h: mul(gates[3], tanh(c)) };
}
