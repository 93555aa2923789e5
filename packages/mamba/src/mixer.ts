import type { Layer, SequenceLayer } from "@pellucid/core-train";
import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";

/** The state of a mixer, whose size does not depend on the length of the sequence. The caller owns it: `dispose({ ...state })`. */
export type MixerState = Readonly<Record<string, Tensor>>;

/** The state of {@link Mamba} and {@link Mamba2}. */
export type ConvolvedState<Scan extends Tensor3D | Tensor4D = Tensor3D | Tensor4D> = {
  /** The last inputs of the short convolution, `[batch, width − 1, channel]`. */
  readonly conv: Tensor3D;
  /** The state of the scan: of Mamba `[batch, channel, state]`, of Mamba-2 `[batch, head, channel, state]`. */
  readonly scan: Scan;
};

/** Mixes information over time: `[batch, time, feature]` -> `[batch, time, feature]`. */
export interface Mixer<State extends MixerState = MixerState>
  extends Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, State> {}
