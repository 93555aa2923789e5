import { checkRng, checkSizes, init, type Layer, Linear, Module, type Rng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkPadToken } from "./check-pad-token.ts";
import { decoderFeatures } from "./decoder.ts";
import { labelsOf } from "./labels-of.ts";
import { atLastToken } from "./last-token.ts";
import { llamaOptionsOf } from "./llama-config.ts";
import { checkLlamaOptions, type LlamaOptions } from "./llama-options.ts";
import { decoderOf, LlamaBody } from "./llama.ts";
import { ropeContext } from "./rope-scaling.ts";

/** Options for {@link LlamaForSequenceClassification}. */
export interface LlamaForSequenceClassificationOptions extends Omit<LlamaOptions, "tieWordEmbeddings"> {
  /** The number of classes. Default: 2. */
  readonly numLabels?: number;
  /** The padding token, which a batch of several texts needs. Default: none. */
  readonly padTokenId?: number | null;
}

/**
 * Classifies a text by the features of its last token in {@link LlamaBody}; with the names of Hugging Face's `LlamaForSequenceClassification`, which are those of Mistral, Qwen 2,
 * Qwen 3 and StableLM, too.
 */
export class LlamaForSequenceClassification extends Module implements Layer<Tensor2D, Tensor2D> {
  /**
   * The model that a `config.json` of Llama, Mistral, Qwen 2, Qwen 3 or StableLM describes. Its classes are those of `id2label`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): LlamaForSequenceClassification {
    const caller = "LlamaForSequenceClassification.fromConfig";
    const { tieWordEmbeddings: _, ...options } = llamaOptionsOf(config, caller);
    return new LlamaForSequenceClassification({ ...options, ...labelsOf(caller, config), rng });
  }

  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly padTokenId: number | null;
  readonly model: LlamaBody;
  readonly score: Linear;

  constructor(options: LlamaForSequenceClassificationOptions) {
    super();
    checkRng("LlamaForSequenceClassification", options);
    const { numLabels = 2, padTokenId = null, ...of } = options;
    checkLlamaOptions("LlamaForSequenceClassification", of);
    checkSizes("LlamaForSequenceClassification", { numLabels });
    checkPadToken("LlamaForSequenceClassification", padTokenId, of.vocabSize);
    const { rng, hiddenSize, maxPositionEmbeddings = 2048 } = of;
    this.blockSize = ropeContext({ ...of, maxPositionEmbeddings });
    this.padTokenId = padTokenId;
    this.model = new LlamaBody(of);
    this.score = new Linear(hiddenSize, numLabels, { rng, bias: false, init: init.normal(0, 0.02) });
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits, `[batch, class]`
   * @throws {ContextLengthError} If a text is too long.
   * @throws {OptionError} If there are several texts and no padding token.
   */
  forward(tokens: Tensor2D): Tensor2D {
    const caller = "LlamaForSequenceClassification";
    return tidy(() => {
      const features = decoderFeatures(caller, decoderOf(this.model, this.blockSize), tokens);
      const scores = this.score.forward(features) as Tensor3D; // [batch, time, class]
      return atLastToken(caller, scores, tokens, this.padTokenId);
    });
  }
}
