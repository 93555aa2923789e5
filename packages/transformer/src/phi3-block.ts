import {
  checkShape,
  DotProductAttention,
  emptyKeyValues,
  init,
  type KeyValues,
  type Layer,
  Linear,
  Module,
  RMSNorm,
  type SequenceLayer,
  silu,
  splitHeads,
  type Step,
} from "@pellucid/core-train";
import { add, mul, split, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkLlamaOptions, type LlamaOptions } from "./llama-options.ts";
import { attendRotated, type RotaryHeads, rotaryHeads, type RotaryHeadsOptions } from "./rotary-heads.ts";

/** Options for {@link Phi3}, with the names of Hugging Face's `Phi3Config`. */
export interface Phi3Options extends Omit<
  LlamaOptions,
  "attentionBias" | "mlpBias" | "qkNorm" | "norm" | "slidingWindow"
> {
  /** How many tokens each attends to; `null`: to all. Default: null. */
  readonly slidingWindow?: number | null;
}

/** Options for {@link Phi3Block}. */
export type Phi3BlockOptions = Omit<Phi3Options, "vocabSize" | "numHiddenLayers" | "tieWordEmbeddings">;

/** Causal self-attention, then a gated feed-forward network, each after a norm and with a residual connection. */
export class Phi3Block
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>
{
  readonly selfAttn: Phi3Attention;
  readonly mlp: { readonly gateUpProj: Linear; readonly downProj: Linear };
  readonly inputLayernorm: RMSNorm;
  readonly postAttentionLayernorm: RMSNorm;

  constructor(options: Phi3BlockOptions) {
    super();
    checkLlamaOptions("Phi3Block", { vocabSize: 1, numHiddenLayers: 1, ...options });
    const { rng, hiddenSize, intermediateSize, numAttentionHeads, rmsNormEps: eps = 1e-6 } = options;
    const made = { rng, bias: false, init: init.normal(0, 0.02) };
    this.selfAttn = new Phi3Attention(hiddenSize, numAttentionHeads, options);
    this.mlp = {
      gateUpProj: new Linear(hiddenSize, 2 * intermediateSize, made),
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
    const inner = this.mlp.gateUpProj.forward(this.postAttentionLayernorm.forward(x));
    const [gate, up] = split<Tensor3D>(inner, 2, 2) as [gate: Tensor3D, up: Tensor3D]; // [batch, time, inner] each
    return add(x, this.mlp.downProj.forward(mul(silu(gate), up)));
  }
}

/** Causal self-attention with rotary positions whose queries, keys and values come from one linear layer; with the names of Hugging Face's Phi-3. */
export class Phi3Attention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>
{
  readonly #about: RotaryHeads;
  readonly qkvProj: Linear;
  readonly oProj: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If heads do not divide. */
  constructor(width: number, heads: number, options: RotaryHeadsOptions) {
    super();
    this.#about = rotaryHeads("Phi3Attention", width, heads, options);
    const { groups, headDim } = this.#about;
    const made = { rng: options.rng, bias: false, init: init.normal(0, 0.02) };
    this.oProj = new Linear(heads * headDim, width, made);
    this.qkvProj = new Linear(width, (heads + 2 * groups) * headDim, made);
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#attend(x, null).output);
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.#about.groups, this.#about.headDim);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => this.#attend(x, state));
  }

  #attend(x: Tensor3D, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    checkShape("Phi3Attention", "x", x, ["batch", "time", this.qkvProj.inFeatures]);
    const { heads, groups } = this.#about;
    const all = splitHeads(this.qkvProj.forward(x), heads + 2 * groups); // [batch, head + 2 group, time, feature]
    const parts = split<Tensor4D>(all, [heads, groups, groups], 1);
    const [query, key, value] = parts as [query: Tensor4D, key: Tensor4D, value: Tensor4D];
    const { output, state } = attendRotated(this.attention, { query, key, value }, this.#about, cache);
    return { output: this.oProj.forward(output), state };
  }
}
