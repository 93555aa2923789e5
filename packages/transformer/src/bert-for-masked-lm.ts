import { type HasTorchLayout, type Layer, Module, type TorchLayout } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { bertOptionsOf } from "./bert-config.ts";
import { type BertOptions, settleBertOptions } from "./bert-options.ts";
import { BertPredictions } from "./bert-predictions.ts";
import { Bert, type BertReading } from "./bert.ts";

/**
 * A bidirectional encoder that predicts the token at each position, trained on masked tokens. With the names of Hugging Face's
 * `BertForMaskedLM`.
 *
 * Devlin et al., 2019. https://arxiv.org/abs/1810.04805
 */
export class BertForMaskedLm extends Module implements Layer<Tensor2D, Tensor3D>, HasTorchLayout {
  /**
   * The model that a `config.json` of BERT describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<BertOptions, "rng">): BertForMaskedLm {
    return new BertForMaskedLm({ ...bertOptionsOf("BertForMaskedLm.fromConfig", config), rng });
  }

  readonly bert: Bert;
  readonly cls: { readonly predictions: BertPredictions };

  constructor(options: BertOptions) {
    super();
    const settled = settleBertOptions("BertForMaskedLm", options);
    this.bert = new Bert(settled);
    this.cls = { predictions: new BertPredictions(settled, this.bert.embeddings.wordEmbeddings.weight) };
  }

  get torchLayout(): TorchLayout {
    const head = ["cls.seq_relationship.weight", "cls.seq_relationship.bias"]; // whether a sentence follows another
    return Object.fromEntries(head.map((name) => [name, { name, ignored: true }]));
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the token at each position, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is too long.
   */
  forward(tokens: Tensor2D, reading: BertReading = {}): Tensor3D {
    return tidy(() => this.cls.predictions.forward(this.bert.forward(tokens, reading)));
  }
}
