import {
  Embedding,
  init,
  initialized,
  type KeyValues,
  type LanguageModel,
  type LanguageModelStepOptions,
  type Layer,
  matMul,
  Module,
  type Parameter,
  RMSNorm,
  type Rng,
  type Step,
} from "@pellucid/core-train";
import { type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type Decoder, decoderFeatures, decoderStep } from "./decoder.ts";
import { phi3OptionsOf } from "./llama-config.ts";
import { checkLlamaOptions } from "./llama-options.ts";
import { Phi3Block, type Phi3Options } from "./phi3-block.ts";
import { ropeContext } from "./rope-scaling.ts";

/**
 * A language model as {@link Llama}, whose queries, keys and values come from one linear layer, and gate and values of the feed-forward network from another; with the names of Hugging Face's
 * `Phi3ForCausalLM`: Phi-3 and Phi-4.
 *
 * Abdin et al., 2024. Phi-3 technical report. https://arxiv.org/abs/2404.14219
 */
export class Phi3 extends Module implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D> {
  /**
   * The model that a `config.json` of Phi-3 describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): Phi3 {
    return new Phi3({ ...phi3OptionsOf(config), rng });
  }

  readonly vocabSize: number;
  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly model: {
    readonly embedTokens: Embedding;
    readonly layers: readonly Phi3Block[];
    readonly norm: RMSNorm;
  };
  /** `[token, feature]`; that of the embedding if they are tied. */
  readonly lmHead: { readonly weight: Parameter<Rank.R2> };

  constructor(options: Phi3Options) {
    super();
    checkLlamaOptions("Phi3", options);
    const { rng, vocabSize, hiddenSize, maxPositionEmbeddings = 2048, tieWordEmbeddings = false } = options;
    const { rmsNormEps: eps = 1e-6 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = ropeContext({ ...options, maxPositionEmbeddings });
    const embedTokens = new Embedding(vocabSize, hiddenSize, { rng, init: init.normal(0, 0.02) });
    this.model = {
      embedTokens,
      layers: Array.from({ length: options.numHiddenLayers }, () => new Phi3Block(options)),
      norm: new RMSNorm(hiddenSize, { eps }),
    };
    const weight = tieWordEmbeddings
      ? embedTokens.weight
      : initialized<Rank.R2>([vocabSize, hiddenSize], init.normal(0, 0.02), rng);
    this.lmHead = { weight };
  }

  get #decoder(): Decoder {
    const { embedTokens: embedding, layers: blocks, norm } = this.model;
    return { blockSize: this.blockSize, embedding, blocks, norm };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() =>
      matMul(decoderFeatures("Phi3", this.#decoder, tokens), this.lmHead.weight, false, true),
    );
  }

  initialState(batch: number): KeyValues[] {
    return this.model.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * Processes the next tokens.
   *
   * @param tokens int32 `[batch, time]`
   * @param options.lastOnly whether to compute the logits after the last token only. Default: false.
   * @returns logits `[batch, time, token]`, or `[batch, 1, token]`
   * @throws {ContextLengthError} If the text is then longer than `blockSize`.
   */
  step(
    tokens: Tensor2D,
    state: KeyValues[],
    { lastOnly = false }: LanguageModelStepOptions = {},
  ): Step<Tensor3D, KeyValues[]> {
    return decoderStep("Phi3", this.#decoder, this.lmHead.weight, { tokens, state, lastOnly });
  }
}
