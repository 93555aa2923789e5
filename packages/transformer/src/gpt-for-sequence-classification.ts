import { checkRng, checkSizes, init, type Layer, Linear, Module, type Rng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkPadToken } from "./check-pad-token.ts";
import { gptOptionsOf } from "./gpt-config.ts";
import { GptBody, gptFeatures, type GptOptions } from "./gpt.ts";
import { labelsOf } from "./labels-of.ts";
import { atLastToken } from "./last-token.ts";

/** Options for {@link GptForSequenceClassification}. */
export interface GptForSequenceClassificationOptions extends GptOptions {
  /** The number of classes. Default: 2. */
  readonly numLabels?: number;
  /** The padding token, which a batch of several texts needs. Default: none. */
  readonly padTokenId?: number | null;
}

/** Classifies a text by the features of its last token in {@link GptBody}; with the names of Hugging Face's `GPT2ForSequenceClassification`. */
export class GptForSequenceClassification extends Module implements Layer<Tensor2D, Tensor2D> {
  /**
   * The model that a `config.json` of GPT-2 describes. Its classes are those of `id2label`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): GptForSequenceClassification {
    const caller = "GptForSequenceClassification.fromConfig";
    return new GptForSequenceClassification({
      ...gptOptionsOf(config, caller),
      ...labelsOf(caller, config),
      rng,
    });
  }

  readonly padTokenId: number | null;
  readonly transformer: GptBody;
  readonly score: Linear;

  constructor(options: GptForSequenceClassificationOptions) {
    super();
    checkRng("GptForSequenceClassification", options);
    const { numLabels = 2, padTokenId = null, ...of } = options;
    const { rng, vocabSize = 50_257, blockSize = 1024, nEmbd = 768 } = of;
    checkSizes("GptForSequenceClassification", { numLabels });
    checkPadToken("GptForSequenceClassification", padTokenId, vocabSize);
    this.padTokenId = padTokenId;
    this.transformer = new GptBody(vocabSize, blockSize, of);
    this.score = new Linear(nEmbd, numLabels, { rng, bias: false, init: init.normal(0, 0.02) });
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits, `[batch, class]`
   * @throws {ContextLengthError} If a text is too long.
   * @throws {OptionError} If there are several texts and no padding token.
   */
  forward(tokens: Tensor2D): Tensor2D {
    return tidy(() => {
      const features = gptFeatures("GptForSequenceClassification", this.transformer, tokens);
      const scores = this.score.forward(features) as Tensor3D; // [batch, time, class]
      return atLastToken("GptForSequenceClassification", scores, tokens, this.padTokenId);
    });
  }
}
