import {
  checkContextLength,
  checkShape,
  headSize,
  OptionError,
  Embedding,
  type KeyValues,
  type LanguageModel,
  type LanguageModelStepOptions,
  lastTimeStep,
  type Layer,
  Linear,
  Module,
  RMSNorm,
  type Rng,
  type SequenceLayer,
  silu,
  type Step,
  stepThrough,
  init,
  checkSizes,
  checkNotNegative,
  checkPositive,
  checkRng,
} from "@pellucid/core-train";
import { add, mul, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { GroupedQueryAttention } from "./grouped-query-attention.ts";

/** Options for {@link Llama}, with the names of Hugging Face's `LlamaConfig`. */
export interface LlamaOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly vocabSize: number;
  /** Features of a token. */
  readonly hiddenSize: number;
  /** Features within the feed-forward network of a block. */
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  /** Default: the number of attention heads. */
  readonly numKeyValueHeads?: number;
  /** The context length, in tokens. Default: 2048. */
  readonly maxPositionEmbeddings?: number;
  /** The base of the rotary positions. Default: 10000. */
  readonly ropeTheta?: number;
  /** Added to the mean square by the norms. Default: 1e-6. */
  readonly rmsNormEps?: number;
}

/**
 * A language model with rotary positions, grouped-query attention, root-mean-square norms and gated feed-forward networks, with the
 * names of Hugging Face's `LlamaForCausalLM`.
 *
 * Touvron et al., 2023. Llama. https://arxiv.org/abs/2302.13971
 */
export class Llama extends Module implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D> {
  readonly vocabSize: number;
  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly model: LlamaBody;
  readonly lmHead: Linear;

  constructor(options: LlamaOptions) {
    super();
    checkLlamaOptions("Llama", options);
    const { rng, vocabSize, hiddenSize, maxPositionEmbeddings = 2048 } = options;
    this.vocabSize = vocabSize;
    this.blockSize = maxPositionEmbeddings;
    this.model = new LlamaBody(options);
    this.lmHead = new Linear(hiddenSize, vocabSize, { rng, bias: false, init: init.normal(0, 0.02) });
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    checkShape("Llama", "tokens", tokens, ["batch", "time"]);
    checkContextLength("Llama", tokens.shape[1], this.blockSize);
    const { embedTokens, layers, norm } = this.model;
    return tidy(() => {
      const first: Tensor3D = embedTokens.forward(tokens);
      return this.lmHead.forward(norm.forward(layers.reduce((x, layer) => layer.forward(x), first)));
    });
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
    checkShape("Llama", "tokens", tokens, ["batch", "time"]);
    const { embedTokens, layers, norm } = this.model;
    checkContextLength("Llama", (state[0]?.key.shape[2] ?? 0) + tokens.shape[1], this.blockSize);
    return tidy(() => {
      const after = stepThrough(layers, embedTokens.forward(tokens), state);
      const hidden = lastOnly ? lastTimeStep(after.output) : after.output;
      return { output: this.lmHead.forward(norm.forward(hidden)), state: after.state };
    });
  }
}

function checkLlamaOptions(caller: string, options: LlamaOptions): void {
  checkRng(caller, options);
  const { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads } = options;
  const { numKeyValueHeads = numAttentionHeads, maxPositionEmbeddings = 2048 } = options;
  const { ropeTheta = 10_000, rmsNormEps = 1e-6 } = options;
  checkSizes(caller, { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads });
  checkSizes(caller, { numKeyValueHeads, maxPositionEmbeddings });
  headSize(caller, hiddenSize, numAttentionHeads);
  if (numAttentionHeads % numKeyValueHeads !== 0)
    throw new OptionError(
      caller,
      "numKeyValueHeads",
      numKeyValueHeads,
      `a divisor of the ${numAttentionHeads} heads`,
    );
  checkPositive(caller, { ropeTheta });
  checkNotNegative(caller, { rmsNormEps });
}

/** The body of a {@link Llama}: from tokens to features. */
export class LlamaBody extends Module {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaBlock[];
  readonly norm: RMSNorm;

  constructor(options: LlamaOptions) {
    super();
    checkLlamaOptions("LlamaBody", options);
    const { rng, vocabSize, hiddenSize, numHiddenLayers, rmsNormEps: eps = 1e-6 } = options;
    this.embedTokens = new Embedding(vocabSize, hiddenSize, { rng, init: init.normal(0, 0.02) });
    this.layers = Array.from({ length: numHiddenLayers }, () => new LlamaBlock(options));
    this.norm = new RMSNorm(hiddenSize, { eps });
  }
}

/**
 * Causal self-attention, then a gated feed-forward network, `down(silu(gate x) · up x)`, each after a norm and with a residual
 * connection.
 */
export class LlamaBlock
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>
{
  readonly selfAttn: GroupedQueryAttention;
  readonly mlp: { readonly gateProj: Linear; readonly upProj: Linear; readonly downProj: Linear };
  readonly inputLayernorm: RMSNorm;
  readonly postAttentionLayernorm: RMSNorm;

  constructor(options: Omit<LlamaOptions, "vocabSize" | "numHiddenLayers" | "maxPositionEmbeddings">) {
    super();
    checkLlamaOptions("LlamaBlock", { vocabSize: 1, numHiddenLayers: 1, ...options });
    const { rng, hiddenSize, intermediateSize, numAttentionHeads, rmsNormEps: eps = 1e-6 } = options;
    const made = { rng, bias: false, init: init.normal(0, 0.02) };
    this.selfAttn = new GroupedQueryAttention(hiddenSize, numAttentionHeads, options);
    this.mlp = {
      gateProj: new Linear(hiddenSize, intermediateSize, made),
      upProj: new Linear(hiddenSize, intermediateSize, made),
      downProj: new Linear(intermediateSize, hiddenSize, made),
    };
    this.inputLayernorm = new RMSNorm(hiddenSize, { eps });
    this.postAttentionLayernorm = new RMSNorm(hiddenSize, { eps });
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#feedForward(add(x, this.selfAttn.forward(this.inputLayernorm.forward(x)))));
  }

  initialState(batch: number): KeyValues {
    return this.selfAttn.initialState(batch);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const attended = this.selfAttn.step(this.inputLayernorm.forward(x), state);
      return { output: this.#feedForward(add(x, attended.output)), state: attended.state };
    });
  }

  #feedForward(x: Tensor3D): Tensor3D {
    const { gateProj, upProj, downProj } = this.mlp;
    const inner = this.postAttentionLayernorm.forward(x);
    return add(x, downProj.forward(mul(silu(gateProj.forward(inner)), upProj.forward(inner))));
  }
}
