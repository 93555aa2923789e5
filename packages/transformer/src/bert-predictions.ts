import { linear, Module, type Parameter, initialized, init } from "@pellucid/core-train";
import { type Rank, type Tensor3D, tidy, transpose } from "@tensorflow/tfjs-core";
import { type SettledBertOptions } from "./bert-options.ts";
import { BertTransform } from "./bert-transform.ts";

/** From features to logits. */
export class BertPredictions extends Module {
  readonly bias: Parameter<Rank.R1>;
  readonly transform: BertTransform;
  /** The weight of the embedding, `[token, feature]`, and the bias above. */
  readonly decoder: { readonly weight: Parameter<Rank.R2>; readonly bias: Parameter<Rank.R1> };

  constructor(options: SettledBertOptions, weight: Parameter<Rank.R2>) {
    super();
    const { vocabSize } = options;
    this.bias = initialized([vocabSize], init.zeros());
    this.transform = new BertTransform(options);
    this.decoder = { weight, bias: this.bias };
  }

  /**
   * @param x `[batch, time, hidden]`
   * @returns logits `[batch, time, token]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => linear(this.transform.forward(x), transpose(this.decoder.weight, [1, 0]), this.bias));
  }
}
