import {
  checkProbabilities,
  checkRng,
  checkSizes,
  Dropout,
  type Layer,
  type Linear,
  Module,
  PretrainedConfig,
} from "@pellucid/core-train";
import { slice, squeeze, tanh, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { bertOptionsOf } from "./bert-config.ts";
import { bertDense } from "./bert-dense.ts";
import { type BertOptions, settleBertOptions } from "./bert-options.ts";
import type { BertReading } from "./bert.ts";
import { labelsOf } from "./labels-of.ts";
import { PooledBert } from "./pooled-bert.ts";

/** Options for {@link BertForSequenceClassification}. */
export interface BertForSequenceClassificationOptions extends BertOptions {
  /** The number of classes. Default: 2. */
  readonly numLabels?: number;
  /** The probability of dropout before the classes in training. Default: `hiddenDropoutProb`. */
  readonly classifierDropout?: number | null;
}

/** Classifies a text, or two, by the features of its first token in {@link PooledBert}; with the names of Hugging Face's `BertForSequenceClassification`. */
export class BertForSequenceClassification extends Module implements Layer<Tensor2D, Tensor2D> {
  /**
   * The model that a `config.json` of BERT describes. Its classes are those of `id2label`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<BertOptions, "rng">): BertForSequenceClassification {
    const caller = "BertForSequenceClassification.fromConfig";
    const read = new PretrainedConfig(caller, config);
    return new BertForSequenceClassification({
      ...bertOptionsOf(caller, config),
      numLabels: labelsOf(caller, config).numLabels,
      classifierDropout: read.has("classifier_dropout") ? read.number("classifier_dropout") : null,
      rng,
    });
  }

  readonly bert: PooledBert;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(options: BertForSequenceClassificationOptions) {
    super();
    checkRng("BertForSequenceClassification", options);
    const { numLabels = 2, classifierDropout = null, ...of } = options;
    const settled = settleBertOptions("BertForSequenceClassification", of);
    const { rng, hiddenSize, hiddenDropoutProb } = settled;
    checkSizes("BertForSequenceClassification", { numLabels });
    const p = classifierDropout ?? hiddenDropoutProb;
    checkProbabilities("BertForSequenceClassification", { classifierDropout: p });
    this.bert = new PooledBert(settled);
    this.dropout = new Dropout(p, { rng });
    this.classifier = bertDense(hiddenSize, numLabels, rng);
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits, `[batch, class]`
   * @throws {ContextLengthError} If a text is too long.
   */
  forward(tokens: Tensor2D, reading: BertReading = {}): Tensor2D {
    return tidy(() => {
      const features = this.bert.forward(tokens, reading);
      const [batch, , width] = features.shape;
      const first: Tensor2D = squeeze(slice(features, [0, 0, 0], [batch, 1, width]), [1]);
      const pooled = tanh(this.bert.pooler.dense.forward(first)); // [batch, feature]
      return this.classifier.forward(this.dropout.forward(pooled));
    });
  }
}
