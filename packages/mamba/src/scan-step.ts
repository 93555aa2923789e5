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

/** What a scan reads. */
export interface ScanSequence {
  /** The input of each channel, `[batch, time, channel]`. */
  readonly u: Tensor3D;
  /** Δ, how long each moment lasts for each channel, above 0, `[batch, time, channel]`. */
  readonly delta: Tensor3D;
  /** The rate at which each entry of the state decays, below 0, `[channel, state]`. */
  readonly A: Tensor2D;
  /** What is written to the state, `[batch, time, state]`. */
  readonly B: Tensor3D;
  /** What is read from the state, `[batch, time, state]`. */
  readonly C: Tensor3D;
}

/** What a scan reads, and where it starts. */
export interface ScanInputs extends ScanSequence, Record<string, Tensor> {
  /** The state before the first moment, `[batch, channel, state]`. */
  readonly initial: Tensor3D;
}

/** A moment of each of some sequences: `[batch, time, size]` → `time` times `[batch, size]`. */
export const moments = (x: Tensor3D): Tensor2D[] => unstack(x, 1) as Tensor2D[];

/** `[batch, channel]` → `[batch, channel, 1]`, to go with a state. */
export const perChannel = (x: Tensor2D): Tensor3D => expandDims(x, 2);

/** `[batch, state]` → `[batch, 1, state]`, to go with a state. */
export const perEntry = (x: Tensor2D): Tensor3D => expandDims(x, 1);

/** How much of a state is left after a moment: `exp(Δ A)`, `[batch, channel, state]`. */
export const kept = (delta: Tensor2D, A: Tensor2D): Tensor3D => exp(mul(perChannel(delta), A)) as Tensor3D;

/** The state after a moment: `h ← exp(Δ A) h + Δ u B`. */
export function scanStep(h: Tensor3D, u: Tensor2D, delta: Tensor2D, A: Tensor2D, B: Tensor2D): Tensor3D {
  const written = mul(perChannel(mul(delta, u)), perEntry(B));
  return add(mul(kept(delta, A), h), written);
}
