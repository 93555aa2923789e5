import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  Dropout,
  type HasTorchLayout,
  type Layer,
  type Linear,
  Module,
  PretrainedConfig,
  relu,
  type TorchLayout,
} from "@pellucid/core-train";
import { slice, squeeze, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import type { BertReading } from "./bert.ts";
import {
  type DistilBertBody,
  distilBertBody,
  distilBertFeatures,
  distilBertLayout,
  settleDistilBert,
} from "./distil-bert-body.ts";
import { distilBertOptionsOf } from "./distil-bert-config.ts";
import type { DistilBertOptions } from "./distil-bert-for-masked-lm.ts";
import { labelsOf } from "./labels-of.ts";

/** Options for {@link DistilBertForSequenceClassification}. */
export interface DistilBertForSequenceClassificationOptions extends DistilBertOptions {
  /** The number of classes. Default: 2. */
  readonly numLabels?: number;
  /** The probability of dropout before the classes in training. Default: 0.2. */
  readonly seqClassifDropout?: number;
}

/** Classifies a text by the features of its first token; with the names of Hugging Face's `DistilBertForSequenceClassification`. */
export class DistilBertForSequenceClassification
  extends Module
  implements Layer<Tensor2D, Tensor2D>, HasTorchLayout
{
  /**
   * The model that a `config.json` of DistilBERT describes. Its classes are those of `id2label`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(
    config: object,
    { rng }: Pick<DistilBertOptions, "rng">,
  ): DistilBertForSequenceClassification {
    const caller = "DistilBertForSequenceClassification.fromConfig";
    return new DistilBertForSequenceClassification({
      ...distilBertOptionsOf(config, caller),
      numLabels: labelsOf(caller, config).numLabels,
      seqClassifDropout: new PretrainedConfig(caller, config).number("seq_classif_dropout", 0.2),
      rng,
    });
  }

  readonly distilbert: DistilBertBody;
  readonly preClassifier: Linear;
  readonly classifier: Linear;
  readonly dropout: Dropout;

  constructor(options: DistilBertForSequenceClassificationOptions) {
    super();
    checkRng("DistilBertForSequenceClassification", options);
    const { numLabels = 2, seqClassifDropout = 0.2, ...of } = options;
    const settled = settleDistilBert("DistilBertForSequenceClassification", of);
    const { rng, hiddenSize } = settled;
    checkSizes("DistilBertForSequenceClassification", { numLabels });
    checkProbabilities("DistilBertForSequenceClassification", { seqClassifDropout });
    this.distilbert = distilBertBody(settled);
    this.preClassifier = bertDense(hiddenSize, hiddenSize, rng);
    this.classifier = bertDense(hiddenSize, numLabels, rng);
    this.dropout = new Dropout(seqClassifDropout, { rng });
  }

  get torchLayout(): TorchLayout {
    return distilBertLayout(this.distilbert);
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits, `[batch, class]`
   * @throws {ContextLengthError} If a text is too long.
   */
  forward(tokens: Tensor2D, reading: Pick<BertReading, "attentionMask"> = {}): Tensor2D {
    checkOptions("DistilBertForSequenceClassification", reading, ["attentionMask"]);
    const { attentionMask = null } = reading;
    return tidy(() => {
      const caller = "DistilBertForSequenceClassification";
      const features = distilBertFeatures(caller, this.distilbert, tokens, attentionMask);
      const [batch, , width] = features.shape;
      const first: Tensor2D = squeeze(slice(features, [0, 0, 0], [batch, 1, width]), [1]);
      return this.classifier.forward(this.dropout.forward(relu(this.preClassifier.forward(first))));
    });
  }
}
