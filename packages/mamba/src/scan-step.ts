import {
  add,
  exp,
  expandDims,
  mul,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  unstack,
} from "@tensorflow/tfjs-core";

/** The sequences of a {@link selectiveScan}. */
export interface ScanSequence {
  /** The input of each channel, `[batch, time, channel]`. */
  readonly u: Tensor3D;
  /** Δ, the step size of each channel, above 0, `[batch, time, channel]`. */
  readonly delta: Tensor3D;
  /** The decay rate of each entry of the state, below 0, `[channel, state]`. */
  readonly A: Tensor2D;
  /** The input matrix, `[batch, time, state]`. */
  readonly B: Tensor3D;
  /** The output matrix, `[batch, time, state]`. */
  readonly C: Tensor3D;
}

/** The inputs of a {@link selectiveScan}. */
export interface ScanInputs extends ScanSequence, Record<string, Tensor> {
  /** The state before the first time step, `[batch, channel, state]`. */
  readonly initial: Tensor3D;
}

/** `[batch, time, size]` → `time` tensors `[batch, size]` */
export const timeSteps = (x: Tensor3D): Tensor2D[] => unstack(x, 1) as Tensor2D[];

/** `[batch, channel]` → `[batch, channel, 1]`, to broadcast to a state. */
export const perChannel = (x: Tensor2D): Tensor3D => expandDims(x, 2);

/** `[batch, state]` → `[batch, 1, state]`, to broadcast to a state. */
export const perEntry = (x: Tensor2D): Tensor3D => expandDims(x, 1);

/** The decay of a state in a time step: `exp(Δ A)`, `[batch, channel, state]`. */
export const decayOf = (delta: Tensor2D, A: Tensor2D): Tensor3D => exp(mul<Tensor3D>(perChannel(delta), A));

/** The state after a time step: `h ← exp(Δ A) h + Δ u B`. */
export function scanStep(h: Tensor3D, u: Tensor2D, delta: Tensor2D, A: Tensor2D, B: Tensor2D): Tensor3D {
  const written = mul(perChannel(mul(delta, u)), perEntry(B));
  return add(mul(decayOf(delta, A), h), written);
}
