import {
  checkContextLength,
  checkShape,
  headSize,
  Dropout,
  Embedding,
  initialize,
  type KeyValues,
  type LanguageModel,
  type LanguageModelStepOptions,
  lastTimeStep,
  type Step,
  stepThrough,
  type Layer,
  LayerNorm,
  LearnedPositions,
  matMul,
  Module,
  type Parameter,
  type HasTorchLayout,
  type Rng,
  type TorchLayout,
  init,
  checkNotNegative,
  checkSizes,
  checkProbabilities,
  checkChoice,
  checkRng,
} from "@pellucid/core-train";
import { type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { GptBlock } from "./gpt-block.ts";
import { gptOptionsOf } from "./gpt-config.ts";

/** Options for {@link Gpt}. The defaults are those of the smallest GPT-2. */
export interface GptOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of the vocabulary. Default: 50257. */
  readonly vocabSize?: number;
  /** The context length, in tokens. Default: 1024. */
  readonly blockSize?: number;
  /** The number of blocks. Default: 12. */
  readonly nLayer?: number;
  /** The number of attention heads. Default: 12. */
  readonly nHead?: number;
  /** Features of a token. Default: 768. */
  readonly nEmbd?: number;
  /** The probability of dropout in training. Default: 0. */
  readonly dropout?: number;
  /** Whether linear layers and norms have a bias. GPT-2's have. Default: true. */
  readonly bias?: boolean;
  /** The variant of GELU: `"tanh"` as GPT-2, `"none"` as nanoGPT. Default: `"tanh"`. */
  readonly approximate?: "none" | "tanh";
  /** Features within the feed-forward network of a block. Default: `4 · nEmbd`. */
  readonly nInner?: number;
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly layerNormEpsilon?: number;
}

/**
 * A language model of blocks with causal self-attention. Names and layouts are those of Hugging Face's `GPT2LMHeadModel`, so that its
 * files load as they are. A seed gives the initial weights of nanoGPT, whose linear layers have the other layout.
 *
 * Radford et al., 2019. Language models are unsupervised multitask learners.
 */
export class Gpt
  extends Module
  implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D>, HasTorchLayout
{
  /**
   * The model that a `config.json` of GPT-2 describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): Gpt {
    return new Gpt({ ...gptOptionsOf(config), rng });
  }

  readonly vocabSize: number;
  readonly blockSize: number;
  readonly transformer: GptBody;
  /** Tied to the token embedding. */
  readonly lmHead: { readonly weight: Parameter<Rank.R2> };

  /** @throws {OptionError} If `nHead` does not divide `nEmbd`. */
  constructor(options: GptOptions) {
    super();
    checkGptOptions("Gpt", options);
    const { rng, vocabSize = 50_257, blockSize = 1024, nLayer = 12 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = blockSize;
    this.transformer = new GptBody(vocabSize, blockSize, options);
    this.lmHead = { weight: this.transformer.wte.weight };
    initialize(this.transformer.wte, "weight", init.skipUniform(), rng); // PyTorch draws a head before it is tied
    this.#redraw(nLayer, rng);
  }

  get torchLayout(): TorchLayout {
    return { transformer: { aliases: [""] } }; // files of the body alone, as OpenAI's
  }

  initialState(batch: number): KeyValues[] {
    return this.transformer.h.map((block) => block.initialState(batch));
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() => this.logits(this.hidden(tokens)));
  }

  /** The normalized output of the last block, `[batch, time, feature]`. */
  hidden(tokens: Tensor2D): Tensor3D {
    return gptFeatures("Gpt", this.transformer, tokens);
  }

  /** `[batch, time, feature]` -> `[batch, time, token]` */
  logits(x: Tensor3D): Tensor3D {
    return matMul(x, this.lmHead.weight, false, true);
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
    checkShape("Gpt", "tokens", tokens, ["batch", "time"]);
    const { h, lnF } = this.transformer;
    const offset = state[0]?.key.shape[2] ?? 0;
    checkContextLength("Gpt", offset + tokens.shape[1], this.blockSize);
    return tidy(() => {
      const after = stepThrough(h, this.transformer.embed(tokens, offset), state);
      const hidden = lastOnly ? lastTimeStep(after.output) : after.output;
      return { output: this.logits(lnF.forward(hidden)), state: after.state };
    });
  }

  /** Draws every matrix as nanoGPT does: all in order, then those before a residual sum again, smaller with depth. */
  #redraw(nLayer: number, rng: Rng): void {
    const { wte, wpe, h } = this.transformer;
    const std = 0.02;
    initialize(wte, "weight", init.skipNormal(), rng);
    initialize(wpe, "weight", init.normal(0, std), rng);
    for (const { attn, mlp } of h) {
      attn.cAttn.redraw(init.normal(0, std), rng);
      attn.cProj.redraw(init.skipNormal(), rng);
      mlp.cFc.redraw(init.normal(0, std), rng);
      mlp.cProj.redraw(init.skipNormal(), rng);
    }
    initialize(wte, "weight", init.normal(0, std), rng); // as the head
    for (const { attn, mlp } of h)
      for (const layer of [attn.cProj, mlp.cProj])
        layer.redraw(init.normal(0, std / Math.sqrt(2 * nLayer)), rng);
  }
}

function checkGptOptions(caller: string, options: GptOptions): void {
  checkRng(caller, options);
  const { vocabSize = 50_257, blockSize = 1024, nLayer = 12, nHead = 12, nEmbd = 768 } = options;
  const { dropout = 0, approximate = "tanh", nInner = 4 * nEmbd, layerNormEpsilon = 1e-5 } = options;
  checkSizes(caller, { vocabSize, blockSize, nLayer, nHead, nEmbd, nInner });
  checkNotNegative(caller, { layerNormEpsilon });
  headSize(caller, nEmbd, nHead);
  checkProbabilities(caller, { dropout });
  checkChoice(caller, "approximate", approximate, ["none", "tanh"]);
}

/** The body of a {@link Gpt}: from tokens to features. */
export class GptBody extends Module {
  readonly wte: Embedding;
  readonly wpe: LearnedPositions;
  readonly drop: Dropout;
  readonly h: readonly GptBlock[];
  readonly lnF: LayerNorm;

  constructor(vocabSize: number, blockSize: number, options: GptOptions) {
    super();
    checkSizes("GptBody", { vocabSize, blockSize });
    checkGptOptions("GptBody", { ...options, vocabSize, blockSize });
    const { rng, nLayer = 12, nHead = 12, nEmbd = 768, dropout = 0, bias = true } = options;
    const { approximate = "tanh", nInner = 4 * nEmbd, layerNormEpsilon = 1e-5 } = options;
    const block = { rng, dropout, bias, approximate, nInner, layerNormEpsilon };
    this.wte = new Embedding(vocabSize, nEmbd, { rng, init: init.skipNormal() });
    this.wpe = new LearnedPositions(blockSize, nEmbd, { rng, init: init.normal() });
    this.drop = new Dropout(dropout, { rng });
    this.h = Array.from({ length: nLayer }, () => new GptBlock(nEmbd, nHead, block));
    this.lnF = new LayerNorm(nEmbd, { bias, eps: layerNormEpsilon });
  }

  /**
   * Embeds tokens and their positions: `[batch, time]` -> `[batch, time, feature]`.
   *
   * @param offset the position of the first token
   */
  embed(tokens: Tensor2D, offset: number): Tensor3D {
    return tidy(() => this.drop.forward(this.wpe.forward(this.wte.forward(tokens), offset)));
  }
}

/**
 * The normalized output of the last block, `[batch, time, feature]`.
 *
 * @throws {ContextLengthError} If the text is too long.
 */
export function gptFeatures(caller: string, body: GptBody, tokens: Tensor2D): Tensor3D {
  checkShape(caller, "tokens", tokens, ["batch", "time"]);
  checkContextLength(caller, tokens.shape[1], body.wpe.weight.shape[0]);
  return tidy(() => body.lnF.forward(body.h.reduce((x, block) => block.forward(x), body.embed(tokens, 0))));
}
