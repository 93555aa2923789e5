import { Module, RMSNorm, type Step } from "@pellucid/core-train";
import { add, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Mixer, MixerState } from "./mixer.ts";

/** A mixer after a norm, with a residual connection: `x + mixer(norm(x))`. */
export class MambaBlock<M extends Module & Mixer = Module & Mixer> extends Module implements Mixer {
  readonly norm: RMSNorm;
  readonly mixer: M;

  /** @param options.eps added to the mean square by the norm. Default: 1e-5. */
  constructor(dModel: number, mixer: M, { eps = 1e-5 }: { readonly eps?: number } = {}) {
    super();
    this.norm = new RMSNorm(dModel, { eps });
    this.mixer = mixer;
  }

  /** @param x `[batch, time, dModel]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => add(x, this.mixer.forward(this.norm.forward(x))));
  }

  initialState(batch: number): MixerState {
    return this.mixer.initialState(batch);
  }

  step(x: Tensor3D, state: MixerState): Step<Tensor3D, MixerState> {
    return tidy(() => {
      const mixed = this.mixer.step(this.norm.forward(x), state);
      return { output: add<Tensor3D>(x, mixed.output), state: mixed.state };
    });
  }
}
