import { engine, grad, type Tensor } from "@tensorflow/tfjs-core";

/** The gradient of `Σ dy · f(x)` at `x`, as a part of another gradient: it can be differentiated again. */
export function gradientThrough(f: (x: Tensor) => Tensor, x: Tensor, dy: Tensor): Tensor {
  const { state } = engine();
  const tape = state.activeTape;
  try {
    return grad(f)(x, dy);
  } finally {
    // tfjs throws the tape of the gradient away in which this one is computed.
    if (state.gradientDepth === 0 && tape !== undefined) state.activeTape = tape;
  }
}
