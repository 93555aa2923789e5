import type { Layer } from "@pellucid/core-train";
import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";

/** All that a mixer remembers of a sequence, however long it was. The caller's to dispose of: `dispose({ ...state })`. */
export type MixerState = Readonly<Record<string, Tensor>>;

/** What Mamba and Mamba-2 remember. */
export type ConvolvedState = {
  /** The last inputs of the short convolution, `[batch, width − 1, channel]`. */
  readonly conv: Tensor3D;
  /** The state: of Mamba `[batch, channel, state]`, of Mamba-2 `[batch, head, channel, state]`. */
  readonly scan: Tensor3D | Tensor4D;
};

/** What comes of some more moments. */
export interface Advanced<State extends MixerState = MixerState> {
  /** `[batch, time, feature]` */
  readonly y: Tensor3D;
  readonly state: State;
}

/** What mixes information over time in a block. */
export interface Mixer<State extends MixerState = MixerState> extends Layer<Tensor3D, Tensor3D> {
  /** The state before a sequence. */
  initialState(batch: number): State;
  /** What comes of some more moments, one or many, after those that left `state`. The old state stays the caller's. */
  advance(x: Tensor3D, state: State): Advanced<State>;
}
