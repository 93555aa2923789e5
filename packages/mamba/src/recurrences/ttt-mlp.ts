import { init, initialized, type Parameter, type TorchLayout } from "@pellucid/core-train";
import type { Rank, Tensor3D } from "@tensorflow/tfjs-core";
import { Ttt, type TttOptions } from "./ttt.ts";

/** Test-time training of a perceptron with one hidden layer of four times the features, and GELU: see {@link Ttt}. */
export class TttMlp extends Ttt {
  /** `[head, in, 4 in]` */
  readonly w1: Parameter<Rank.R3>;
  /** `[head, 1, 4 in]` */
  readonly b1: Parameter<Rank.R3>;
  /** `[head, 4 in, in]` */
  readonly w2: Parameter<Rank.R3>;
  /** `[head, 1, in]` */
  readonly b2: Parameter<Rank.R3>;

  constructor(dModel: number, options: TttOptions) {
    super(dModel, { baseLr: 0.1, ...options });
    const { rng } = options;
    const { numHeads } = this;
    const width = dModel / numHeads;
    this.w1 = initialized([numHeads, width, 4 * width], init.normal(0, 0.02), rng);
    this.b1 = initialized([numHeads, 1, 4 * width], init.zeros(), rng);
    this.w2 = initialized([numHeads, 4 * width, width], init.normal(0, 0.02), rng);
    this.b2 = initialized([numHeads, 1, width], init.zeros(), rng);
  }

  override get torchLayout(): TorchLayout {
    return { w1: { name: "W1" }, w2: { name: "W2" } };
  }

  protected maps(): readonly (readonly [Tensor3D, Tensor3D])[] {
    return [
      [this.w1, this.b1],
      [this.w2, this.b2],
    ];
  }
}
