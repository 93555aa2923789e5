import { init, initialized, type Parameter, type TorchLayout } from "@pellucid/core-train";
import type { Rank, Tensor3D } from "@tensorflow/tfjs-core";
import { Ttt, type TttOptions } from "./ttt.ts";

/** Test-time training of a linear map: see {@link Ttt}. Without norm and with one token in a mini-batch it is linear attention with the delta rule. */
export class TttLinear extends Ttt {
  /** `[head, in, out]` */
  readonly w1: Parameter<Rank.R3>;
  /** `[head, 1, out]` */
  readonly b1: Parameter<Rank.R3>;

  constructor(dModel: number, options: TttOptions) {
    super(dModel, { baseLr: 1, ...options });
    const { numHeads } = this;
    const width = dModel / numHeads;
    this.w1 = initialized([numHeads, width, width], init.normal(0, 0.02), options.rng);
    this.b1 = initialized([numHeads, 1, width], init.zeros(), options.rng);
  }

  override get torchLayout(): TorchLayout {
    return { w1: { name: "W1" } };
  }

  protected maps(): readonly (readonly [Tensor3D, Tensor3D])[] {
    return [[this.w1, this.b1]];
  }
}
