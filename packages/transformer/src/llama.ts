import {
  type Advanced,
  checkContext,
  checkShape,
  Embedding,
  type KeyValues,
  type LanguageModel,
  type Layer,
  Linear,
  type LmAdvanced,
  Module,
  normal,
  RMSNorm,
  type Rng,
  silu,
} from "@pellucid/core-train";
import { add, mul, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { GroupedQueryAttention } from "./grouped-query-attention.ts";

/** How a {@link Llama} is made. */
export interface LlamaOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  readonly vocabSize: number;
  /** Features of a token. */
  readonly hiddenSize: number;
  /** Features within a block's linear layers. */
  readonly intermediateSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Default: as many as heads. */
  readonly numKvHeads?: number;
  /** The longest text it can look at. Default: 2048. */
  readonly blockSize?: number;
  /** Of the rotary positions. Default: 10000. */
  readonly base?: number;
  /** Added to the mean square by the norms. Default: 1e-6. */
  readonly eps?: number;
}

/**
 * A language model with rotary positions, grouped queries, root-mean-square norms and gated linear layers, and the names of Hugging
 * Face's `LlamaForCausalLM`.
 *
 * Touvron et al., 2023. Llama. https://arxiv.org/abs/2302.13971
 */
export class Llama extends Module implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D> {
  readonly vocabSize: number;
  readonly blockSize: number;
  readonly model: LlamaBody;
  readonly lmHead: Linear;

  constructor(options: LlamaOptions) {
    super();
    const { rng, vocabSize, hiddenSize, blockSize = 2048 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = blockSize;
    this.model = new LlamaBody(options);
    this.lmHead = new Linear(hiddenSize, vocabSize, { rng, bias: false, init: normal(0, 0.02) });
  }

  initialState(batch: number): KeyValues[] {
    return this.model.layers.map((layer) => layer.selfAttn.initialState(batch));
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    checkShape("Llama", "tokens", tokens, ["batch", "time"]);
    checkContext("Llama", tokens.shape[1], this.blockSize);
    const { embedTokens, layers, norm } = this.model;
    return tidy(() => {
      const first: Tensor3D = embedTokens.forward(tokens);
      return this.lmHead.forward(norm.forward(layers.reduce((x, layer) => layer.forward(x), first)));
    });
  }

  /**
   * What comes of some more tokens after those that left `before`; which stays the caller's.
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
    checkShape("Llama", "tokens", tokens, ["batch", "time"]);
    const [batch, time] = tokens.shape;
    checkContext("Llama", (before[0]?.key.shape[2] ?? 0) + time, this.blockSize);
    return tidy(() => {
      let x: Tensor3D = this.model.embedTokens.forward(tokens);
      const state = this.model.layers.map((layer, i) => {
        const after = layer.advance(x, before[i] as KeyValues);
        x = after.y;
        return after.state;
      });
      const shown = last ? slice(x, [0, time - 1, 0], [batch, 1, x.shape[2]]) : x;
      return { logits: this.lmHead.forward(this.model.norm.forward(shown)), state };
    });
  }
}

/** What is between tokens and logits. */
export class LlamaBody extends Module {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaBlock[];
  readonly norm: RMSNorm;

  constructor(options: LlamaOptions) {
    super();
    const { rng, vocabSize, hiddenSize, numLayers, eps = 1e-6 } = options;
    this.embedTokens = new Embedding(vocabSize, hiddenSize, { rng, init: normal(0, 0.02) });
    this.layers = Array.from({ length: numLayers }, () => new LlamaBlock(options));
    this.norm = new RMSNorm(hiddenSize, { eps });
  }
}

/** Attention that looks back, then gated linear layers: `down(silu(gate x) · up x)`; each behind a norm and beside what goes past it. */
export class LlamaBlock extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly selfAttn: GroupedQueryAttention;
  readonly mlp: { readonly gateProj: Linear; readonly upProj: Linear; readonly downProj: Linear };
  readonly inputLayernorm: RMSNorm;
  readonly postAttentionLayernorm: RMSNorm;

  constructor(options: Omit<LlamaOptions, "vocabSize" | "numLayers" | "blockSize">) {
    super();
    const { rng, hiddenSize: width, intermediateSize: wide, numHeads, eps = 1e-6, ...attention } = options;
    const made = { rng, bias: false, init: normal(0, 0.02) };
    this.selfAttn = new GroupedQueryAttention(width, numHeads, { rng, ...attention });
    this.mlp = {
      gateProj: new Linear(width, wide, made),
      upProj: new Linear(width, wide, made),
      downProj: new Linear(wide, width, made),
    };
    this.inputLayernorm = new RMSNorm(width, { eps });
    this.postAttentionLayernorm = new RMSNorm(width, { eps });
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#feed(add(x, this.selfAttn.forward(this.inputLayernorm.forward(x)))));
  }

  /** What comes of some more moments after those that left `before`. */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    return tidy(() => {
      const { y, state } = this.selfAttn.advance(this.inputLayernorm.forward(x), before);
      return { y: this.#feed(add(x, y)), state };
    });
  }

  #feed(x: Tensor3D): Tensor3D {
    const { gateProj, upProj, downProj } = this.mlp;
    const inner = this.postAttentionLayernorm.forward(x);
    return add(x, downProj.forward(mul(silu(gateProj.forward(inner)), upProj.forward(inner))));
  }
}
