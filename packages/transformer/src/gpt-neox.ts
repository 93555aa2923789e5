import {
  Embedding,
  type HasTorchLayout,
  init,
  initialized,
  type KeyValues,
  type LanguageModel,
  type LanguageModelStepOptions,
  type Layer,
  LayerNorm,
  matMul,
  Module,
  type Parameter,
  type Rng,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type Decoder, decoderFeatures, decoderStep } from "./decoder.ts";
import { GptNeoXBlock } from "./gpt-neox-block.ts";
import { checkGptNeoXOptions, type GptNeoXOptions, gptNeoXOptionsOf } from "./gpt-neox-options.ts";
import { ropeContext } from "./rope-scaling.ts";

/**
 * A language model whose attention and feed-forward network read the same input, with positions by rotating a quarter of each head's features; with the names of Hugging Face's
 * `GPTNeoXForCausalLM`: GPT-NeoX and Pythia.
 *
 * Black et al., 2022. GPT-NeoX-20B. https://arxiv.org/abs/2204.06745
 * Biderman et al., 2023. Pythia. https://arxiv.org/abs/2304.01373
 */
export class GptNeoX
  extends Module
  implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D>, HasTorchLayout
{
  /**
   * The model that a `config.json` of GPT-NeoX describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): GptNeoX {
    return new GptNeoX({ ...gptNeoXOptionsOf(config), rng });
  }

  readonly vocabSize: number;
  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly gptNeox: {
    readonly embedIn: Embedding;
    readonly layers: readonly GptNeoXBlock[];
    readonly finalLayerNorm: LayerNorm;
  };
  /** `[token, feature]` */
  readonly embedOut: { readonly weight: Parameter<Rank.R2> };

  constructor(options: GptNeoXOptions) {
    super();
    checkGptNeoXOptions("GptNeoX", options);
    const { rng, vocabSize, hiddenSize, maxPositionEmbeddings = 2048, layerNormEps: eps = 1e-5 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = ropeContext({ ...options, maxPositionEmbeddings });
    this.gptNeox = {
      embedIn: new Embedding(vocabSize, hiddenSize, { rng, init: init.normal(0, 0.02) }),
      layers: Array.from({ length: options.numHiddenLayers }, () => new GptNeoXBlock(options)),
      finalLayerNorm: new LayerNorm(hiddenSize, { eps }),
    };
    this.embedOut = { weight: initialized<Rank.R2>([vocabSize, hiddenSize], init.normal(0, 0.02), rng) };
  }

  get torchLayout(): TorchLayout {
    return { "embedOut.weight": { aliases: ["lm_head.weight"] } }; // what transformers 5 calls it in memory
  }

  get #decoder(): Decoder {
    const { embedIn: embedding, layers: blocks, finalLayerNorm: norm } = this.gptNeox;
    return { blockSize: this.blockSize, embedding, blocks, norm };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() =>
      matMul(decoderFeatures("GptNeoX", this.#decoder, tokens), this.embedOut.weight, false, true),
    );
  }

  initialState(batch: number): KeyValues[] {
    return this.gptNeox.layers.map((layer) => layer.initialState(batch));
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
    return decoderStep("GptNeoX", this.#decoder, this.embedOut.weight, { tokens, state, lastOnly });
  }
}
