import {
  Embedding,
  type KeyValues,
  type LanguageModel,
  type LanguageModelStepOptions,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  RMSNorm,
  type Rng,
  type SequenceLayer,
  silu,
  type Step,
  init,
  initialized,
  matMul,
  type Parameter,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type Decoder, decoderFeatures, decoderStep } from "./decoder.ts";
import { GroupedQueryAttention } from "./grouped-query-attention.ts";
import { llamaOptionsOf } from "./llama-config.ts";
import { checkLlamaOptions, isList, type LlamaBlockOptions, type LlamaOptions } from "./llama-options.ts";
import { ropeContext } from "./rope-scaling.ts";

/**
 * A language model with rotary positions, grouped-query attention, root-mean-square norms and gated feed-forward networks, with the
 * names of Hugging Face's `LlamaForCausalLM`. With other options it is Mistral, Qwen 2, Qwen 3 and StableLM, whose names are the same.
 *
 * Touvron et al., 2023. Llama. https://arxiv.org/abs/2302.13971
 * Jiang et al., 2023. Mistral 7B. https://arxiv.org/abs/2310.06825 (a sliding window)
 * Yang et al., 2024. Qwen2. https://arxiv.org/abs/2407.10671 (biases); 2025. Qwen3. https://arxiv.org/abs/2505.09388 (norms)
 */
export class Llama extends Module implements LanguageModel<KeyValues[]>, Layer<Tensor2D, Tensor3D> {
  /**
   * The model that a `config.json` of Llama 1 to 3, Mistral, Qwen 2, Qwen 3 or StableLM describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): Llama {
    return new Llama({ ...llamaOptionsOf(config), rng });
  }

  readonly vocabSize: number;
  /** The context length, in tokens. */
  readonly blockSize: number;
  readonly model: LlamaBody;
  /** `[token, feature]`; that of the embedding if they are tied. */
  readonly lmHead: { readonly weight: Parameter<Rank.R2> };

  constructor(options: LlamaOptions) {
    super();
    checkLlamaOptions("Llama", options);
    const { rng, vocabSize, hiddenSize, maxPositionEmbeddings = 2048, tieWordEmbeddings = false } = options;
    this.vocabSize = vocabSize;
    this.blockSize = ropeContext({ ...options, maxPositionEmbeddings });
    this.model = new LlamaBody(options);
    const weight = tieWordEmbeddings
      ? this.model.embedTokens.weight
      : initialized<Rank.R2>([vocabSize, hiddenSize], init.normal(0, 0.02), rng);
    this.lmHead = { weight };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   * @throws {ContextLengthError} If the text is longer than `blockSize`.
   */
  forward(tokens: Tensor2D): Tensor3D {
    const { blockSize, model, lmHead } = this;
    return tidy(() =>
      matMul(decoderFeatures("Llama", decoderOf(model, blockSize), tokens), lmHead.weight, false, true),
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
    const { blockSize, model, lmHead } = this;
    return decoderStep("Llama", decoderOf(model, blockSize), lmHead.weight, { tokens, state, lastOnly });
  }
}

/** What turns tokens into features. */
export function decoderOf({ embedTokens, layers, norm }: LlamaBody, blockSize: number): Decoder {
  return { blockSize, embedding: embedTokens, blocks: layers, norm };
}

/** The body of a {@link Llama}: from tokens to features. */
export class LlamaBody extends Module {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaBlock[];
  readonly norm: RMSNorm | LayerNorm;

  constructor(options: LlamaOptions) {
    super();
    checkLlamaOptions("LlamaBody", options);
    const { rng, vocabSize, hiddenSize, numHiddenLayers } = options;
    this.embedTokens = new Embedding(vocabSize, hiddenSize, { rng, init: init.normal(0, 0.02) });
    this.layers = Array.from({ length: numHiddenLayers }, (_, i) => {
      const window = isList(options.slidingWindow) ? options.slidingWindow[i] : options.slidingWindow;
      return new LlamaBlock({ ...options, slidingWindow: window ?? null });
    });
    this.norm = normOf(options);
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
  readonly inputLayernorm: RMSNorm | LayerNorm;
  readonly postAttentionLayernorm: RMSNorm | LayerNorm;

  constructor(options: LlamaBlockOptions) {
    super();
    checkLlamaOptions("LlamaBlock", { vocabSize: 1, numHiddenLayers: 1, ...options });
    const { rng, hiddenSize, intermediateSize, numAttentionHeads } = options;
    const { attentionBias = false, mlpBias: bias = false, slidingWindow = null } = options;
    const made = { rng, bias, init: init.normal(0, 0.02) };
    this.selfAttn = new GroupedQueryAttention(hiddenSize, numAttentionHeads, {
      ...options,
      bias: attentionBias !== false,
      outBias: attentionBias === true,
      slidingWindow,
    });
    this.mlp = {
      gateProj: new Linear(hiddenSize, intermediateSize, made),
      upProj: new Linear(hiddenSize, intermediateSize, made),
      downProj: new Linear(intermediateSize, hiddenSize, made),
    };
    this.inputLayernorm = normOf(options);
    this.postAttentionLayernorm = normOf(options);
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

function normOf({
  hiddenSize,
  norm = "rms",
  rmsNormEps: eps = 1e-6,
}: Pick<LlamaOptions, "hiddenSize" | "norm" | "rmsNormEps">): RMSNorm | LayerNorm {
  return norm === "rms" ? new RMSNorm(hiddenSize, { eps }) : new LayerNorm(hiddenSize, { eps });
}
