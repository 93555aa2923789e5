import {
  type Advanced,
  DotProductAttention,
  Dropout,
  fromHeads,
  gelu,
  headWidth,
  isTraining,
  type KeyValues,
  type Layer,
  LayerNorm,
  Module,
  noKeyValues,
  remember,
  type Rng,
  type StoredByTorch,
  toHeads,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, split, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { Conv1dLinear } from "./conv1d-linear.ts";

/** How a {@link GptBlock} is made. */
export interface GptBlockOptions {
  readonly rng: Rng;
  readonly dropout: number;
  readonly bias: boolean;
  readonly eps: number;
  /** Which GELU: GPT-2's is `"tanh"`. */
  readonly approximate: "none" | "tanh";
}

/** Attention that looks back, then two linear layers, each behind a norm and beside what goes past it. */
export class GptBlock extends Module implements Layer<Tensor3D, Tensor3D>, StoredByTorch {
  readonly approximate: "none" | "tanh";
  readonly ln1: LayerNorm;
  readonly attn: CausalSelfAttention;
  readonly ln2: LayerNorm;
  readonly mlp: { readonly cFc: Conv1dLinear; readonly cProj: Conv1dLinear };
  readonly dropout: Dropout;

  constructor(width: number, heads: number, options: GptBlockOptions) {
    super();
    const { rng, dropout, bias, eps, approximate } = options;
    this.approximate = approximate;
    this.ln1 = new LayerNorm(width, { eps, bias });
    this.attn = new CausalSelfAttention(width, heads, options);
    this.ln2 = new LayerNorm(width, { eps, bias });
    this.mlp = {
      cFc: new Conv1dLinear(width, 4 * width, options),
      cProj: new Conv1dLinear(4 * width, width, options),
    };
    this.dropout = new Dropout(dropout, { rng });
  }

  get torchLayout(): TorchLayout {
    return { ln1: { name: "ln_1" }, ln2: { name: "ln_2" } };
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#feed(add(x, this.attn.forward(this.ln1.forward(x)))));
  }

  /** What comes of some more moments after those that left `before`. */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    return tidy(() => {
      const { y, state } = this.attn.advance(this.ln1.forward(x), before);
      return { y: this.#feed(add(x, y)), state };
    });
  }

  #feed(x: Tensor3D): Tensor3D {
    const { cFc, cProj } = this.mlp;
    const wide = gelu(cFc.forward(this.ln2.forward(x)), this); // [batch, time, 4 · feature]
    return add(x, this.dropout.forward(cProj.forward(wide)));
  }
}

/** Attention of a text to what came before, query, key and value made by one layer. */
export class CausalSelfAttention extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly heads: number;
  readonly cAttn: Conv1dLinear;
  readonly cProj: Conv1dLinear;
  readonly attention = new DotProductAttention();
  readonly dropout: Dropout;

  constructor(width: number, heads: number, options: GptBlockOptions) {
    super();
    headWidth("Gpt", width, heads);
    this.heads = heads;
    this.cAttn = new Conv1dLinear(width, 3 * width, options);
    this.cProj = new Conv1dLinear(width, width, options);
    this.dropout = new Dropout(options.dropout, options);
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const [query, key, value] = this.#project(x);
      const { p, rng } = this.dropout;
      const options = { isCausal: true, dropout: isTraining(this) ? p : 0, rng };
      return this.#end(this.attention.forward({ query, key, value, options }));
    });
  }

  /** What is remembered before a text. */
  initialState(batch: number): KeyValues {
    return noKeyValues(batch, this.heads, this.cProj.inFeatures / this.heads);
  }

  /** What comes of some more moments after those that left `before`. */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    return tidy(() => {
      const [query, key, value] = this.#project(x);
      const state = remember(before, key, value);
      const options = { isCausal: true, past: before.key.shape[2] };
      return {
        y: this.#end(this.attention.forward({ query, key: state.key, value: state.value, options })),
        state,
      };
    });
  }

  #project(x: Tensor3D): [query: Tensor4D, key: Tensor4D, value: Tensor4D] {
    const parts = split<Tensor3D>(this.cAttn.forward(x), 3, 2);
    return parts.map((part) => toHeads(part, this.heads)) as [Tensor4D, Tensor4D, Tensor4D];
  }

  #end(found: Tensor4D): Tensor3D {
    return this.dropout.forward(this.cProj.forward(fromHeads(found)));
  }
}
