import {
  Dropout,
  DotProductAttention,
  emptyKeyValues,
  gelu,
  headSize,
  isTraining,
  type KeyValues,
  type Layer,
  LayerNorm,
  mergeHeads,
  Module,
  type Rng,
  type SequenceLayer,
  splitHeads,
  type Step,
  type HasTorchLayout,
  type TorchLayout,
  checkNotNegative,
  checkSizes,
  checkProbabilities,
  checkChoice,
  checkRng,
} from "@pellucid/core-train";
import { add, split, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { Conv1dLinear } from "./conv1d-linear.ts";

/** Options for {@link GptBlock}. */
export interface GptBlockOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  readonly dropout: number;
  readonly bias: boolean;
  /** The variant of GELU; GPT-2's is `"tanh"`. */
  readonly approximate: "none" | "tanh";
  /** Features within the feed-forward network. Default: four times those of the input. */
  readonly nInner?: number;
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly layerNormEpsilon?: number;
}

/** Causal self-attention, then a feed-forward network, each after a norm and with a residual connection. */
export class GptBlock
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly approximate: "none" | "tanh";
  readonly ln1: LayerNorm;
  readonly attn: CausalSelfAttention;
  readonly ln2: LayerNorm;
  readonly mlp: { readonly cFc: Conv1dLinear; readonly cProj: Conv1dLinear };
  readonly dropout: Dropout;

  constructor(width: number, heads: number, options: GptBlockOptions) {
    super();
    checkRng("GptBlock", options);
    const { rng, dropout, bias, approximate, nInner = 4 * width, layerNormEpsilon: eps = 1e-5 } = options;
    checkSizes("GptBlock", { width, heads, nInner });
    checkNotNegative("GptBlock", { layerNormEpsilon: eps });
    headSize("GptBlock", width, heads);
    checkProbabilities("GptBlock", { dropout });
    checkChoice("GptBlock", "approximate", approximate, ["none", "tanh"]);
    this.approximate = approximate;
    this.ln1 = new LayerNorm(width, { bias, eps });
    this.attn = new CausalSelfAttention(width, heads, options);
    this.ln2 = new LayerNorm(width, { bias, eps });
    this.mlp = {
      cFc: new Conv1dLinear(width, nInner, options),
      cProj: new Conv1dLinear(nInner, width, options),
    };
    this.dropout = new Dropout(dropout, { rng });
  }

  get torchLayout(): TorchLayout {
    return { ln1: { name: "ln_1" }, ln2: { name: "ln_2" } };
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#feedForward(add(x, this.attn.forward(this.ln1.forward(x)))));
  }

  initialState(batch: number): KeyValues {
    return this.attn.initialState(batch);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const attended = this.attn.step(this.ln1.forward(x), state);
      return { output: this.#feedForward(add(x, attended.output)), state: attended.state };
    });
  }

  #feedForward(x: Tensor3D): Tensor3D {
    const { cFc, cProj } = this.mlp;
    const inner = gelu(cFc.forward(this.ln2.forward(x)), this); // [batch, time, inner]
    return add(x, this.dropout.forward(cProj.forward(inner)));
  }
}

/** Causal self-attention whose queries, keys and values come from one linear layer. */
export class CausalSelfAttention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly heads: number;
  readonly cAttn: Conv1dLinear;
  readonly cProj: Conv1dLinear;
  readonly attention = new DotProductAttention();
  readonly dropout: Dropout;

  constructor(width: number, heads: number, options: GptBlockOptions) {
    super();
    checkRng("CausalSelfAttention", options);
    checkSizes("CausalSelfAttention", { width, heads });
    headSize("Gpt", width, heads);
    checkProbabilities("CausalSelfAttention", { dropout: options.dropout });
    this.heads = heads;
    this.cAttn = new Conv1dLinear(width, 3 * width, options);
    this.cProj = new Conv1dLinear(width, width, options);
    this.dropout = new Dropout(options.dropout, { rng: options.rng });
  }

  get torchLayout(): TorchLayout {
    return { bias: { ignored: true }, maskedBias: { ignored: true } }; // the causal mask, in files from before 2023
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#attend(x, null).output);
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.heads, this.cProj.inFeatures / this.heads);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => this.#attend(x, state));
  }

  #attend(x: Tensor3D, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    const parts = split<Tensor3D>(this.cAttn.forward(x), 3, 2).map((part) => splitHeads(part, this.heads));
    const [query, key, value] = parts as [query: Tensor4D, key: Tensor4D, value: Tensor4D];
    const { p, rng } = this.dropout;
    const options = { dropout: isTraining(this) ? p : 0, rng };
    const { output, state } = this.attention.step({ query, key, value, options }, cache);
    return { output: this.dropout.forward(this.cProj.forward(mergeHeads(output))), state };
  }
}
