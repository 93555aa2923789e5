import { Module, RMSNorm } from "@pellucid/core-train";
import { add, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Advanced, Mixer, MixerState } from "./mixer.ts";

/** A mixer behind a norm, beside what goes past it: `x + mixer(norm(x))`. */
export class MambaBlock<M extends Module & Mixer = Module & Mixer> extends Module implements Mixer {
  readonly norm: RMSNorm;
  readonly mixer: M;

  constructor(dModel: number, mixer: M, { eps = 1e-5 }: { readonly eps?: number } = {}) {
    super();
    this.norm = new RMSNorm(dModel, { eps });
    this.mixer = mixer;
  }

  initialState(batch: number): MixerState {
    return this.mixer.initialState(batch);
  }

  /** @param x `[batch, time, dModel]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => add(x, this.mixer.forward(this.norm.forward(x))));
  }

  advance(x: Tensor3D, before: MixerState): Advanced {
    return tidy(() => {
      const { y, state } = this.mixer.advance(this.norm.forward(x), before);
      return { y: add<Tensor3D>(x, y), state };
    });
  }
}
