import {
  checkContext,
  checkShape,
  Dropout,
  Embedding,
  initialize,
  type KeyValues,
  type LanguageModel,
  type Layer,
  LayerNorm,
  LearnedPositions,
  Linear,
  type LmAdvanced,
  matMul,
  Module,
  normal,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { type Rank, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { GptBlock } from "./gpt-block.ts";

/** How a {@link Gpt} is made. The defaults are those of the smallest GPT-2. */
export interface GptOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** How many tokens there are. Default: 50257. */
  readonly vocabSize?: number;
  /** The longest text it can look at. Default: 1024. */
  readonly blockSize?: number;
  /** Default: 12. */
  readonly nLayer?: number;
  /** Default: 12. */
  readonly nHead?: number;
  /** Features of a token. Default: 768. */
  readonly nEmbd?: number;
  /** How likely a number is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether linear layers and norms have a bias. GPT-2's have. Default: true. */
  readonly bias?: boolean;
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly eps?: number;
  /** Which GELU: `"tanh"` is GPT-2's, `"none"` nanoGPT's. Default: `"tanh"`. */
  readonly approximate?: "none" | "tanh";
}

/**
 * A language model that looks back at all it has read. Names and layouts are those of Hugging Face's `GPT2LMHeadModel`, so that its
 * files load as they are; the first weights of a seed are those of nanoGPT, whose linear layers have the other layout.
 *
 * Radford et al., 2019. Language models are unsupervised multitask learners.
 */
export class Gpt extends Module implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D> {
  readonly vocabSize: number;
  readonly blockSize: number;
  readonly transformer: GptBody;
  /** The embedding's own weight: what makes logits is likeness to each token. */
  readonly lmHead: { readonly weight: Parameter<Rank.R2> };

  /** @throws {OptionError} If `nHead` does not divide `nEmbd`. */
  constructor(options: GptOptions) {
    super();
    const { rng, vocabSize = 50_257, blockSize = 1024, nEmbd = 768, nLayer = 12 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = blockSize;
    this.transformer = new GptBody(vocabSize, blockSize, options);
    this.lmHead = { weight: this.transformer.wte.weight };
    new Linear(nEmbd, vocabSize, { rng, bias: false }).dispose(); // PyTorch draws it before it is replaced
    this.#redraw(nLayer, rng);
  }

  /** What is remembered before a text. */
  initialState(batch: number): KeyValues[] {
    return this.transformer.h.map((block) => block.attn.initialState(batch));
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() => this.logits(this.hidden(tokens)));
  }

  /** What the last block puts out, normalized: `[batch, time, feature]`. */
  hidden(tokens: Tensor2D): Tensor3D {
    checkShape("Gpt", "tokens", tokens, ["batch", "time"]);
    checkContext("Gpt", tokens.shape[1], this.blockSize);
    const { h, lnF } = this.transformer;
    return tidy(() =>
      lnF.forward(h.reduce((x, block) => block.forward(x), this.transformer.embed(tokens, 0))),
    );
  }

  /** How like features are to each token: `[..., feature]` -> `[..., token]`. */
  logits(x: Tensor3D): Tensor3D {
    return matMul(x, this.lmHead.weight, false, true);
  }

  /**
   * What comes of some more tokens, one or many, after those that left `before`; which stays the caller's.
   *
   * @param tokens int32 `[batch, time]`
   * @param options.last whether only the logits after the last token are wanted. Default: false.
   * @throws {ContextLengthError} If the text is then longer than `blockSize`.
   */
  advance(
    tokens: Tensor2D,
    before: KeyValues[],
    { last = false }: { readonly last?: boolean } = {},
  ): LmAdvanced<KeyValues[]> {
    checkShape("Gpt", "tokens", tokens, ["batch", "time"]);
    const past = before[0]?.key.shape[2] ?? 0;
    const [batch, time] = tokens.shape;
    checkContext("Gpt", past + time, this.blockSize);
    return tidy(() => {
      let x = this.transformer.embed(tokens, past);
      const state = this.transformer.h.map((block, i) => {
        const after = block.advance(x, before[i] as KeyValues);
        x = after.y;
        return after.state;
      });
      const shown = last ? slice(x, [0, time - 1, 0], [batch, 1, x.shape[2]]) : x;
      return { logits: this.logits(this.transformer.lnF.forward(shown)), state };
    });
  }

  /** Draws every matrix anew as nanoGPT does: in order, then those that add to the stream, so that it does not grow with depth. */
  #redraw(nLayer: number, rng: Rng): void {
    const { wte, wpe, h } = this.transformer;
    const std = 0.02;
    initialize(wte, "weight", normal(0, std), rng);
    initialize(wpe, "weight", normal(0, std), rng);
    for (const { attn, mlp } of h)
      for (const layer of [attn.cAttn, attn.cProj, mlp.cFc, mlp.cProj]) layer.redraw(std, rng);
    initialize(wte, "weight", normal(0, std), rng); // as the head
    for (const { attn, mlp } of h)
      for (const layer of [attn.cProj, mlp.cProj]) layer.redraw(std / Math.sqrt(2 * nLayer), rng);
  }
}

/** What is between tokens and logits. */
export class GptBody extends Module {
  readonly wte: Embedding;
  readonly wpe: LearnedPositions;
  readonly drop: Dropout;
  readonly h: readonly GptBlock[];
  readonly lnF: LayerNorm;

  constructor(vocabSize: number, blockSize: number, options: GptOptions) {
    super();
    const { rng, nLayer = 12, nHead = 12, nEmbd = 768, dropout = 0, bias = true, eps = 1e-5 } = options;
    const { approximate = "tanh" } = options;
    const block = { rng, dropout, bias, eps, approximate };
    this.wte = new Embedding(vocabSize, nEmbd, { rng });
    this.wpe = new LearnedPositions(blockSize, nEmbd, { rng, init: normal() });
    this.drop = new Dropout(dropout, { rng });
    this.h = Array.from({ length: nLayer }, () => new GptBlock(nEmbd, nHead, block));
    this.lnF = new LayerNorm(nEmbd, { eps, bias });
  }

  /** Tokens and their places as features, `[batch, time, feature]`. */
  embed(tokens: Tensor2D, past: number): Tensor3D {
    return tidy(() => this.drop.forward(this.wpe.forward(this.wte.forward(tokens), past)));
  }
}
