import {
  type Advanced,
  checkShape,
  DotProductAttention,
  fromHeads,
  headWidth,
  type KeyValues,
  type Layer,
  Linear,
  Module,
  noKeyValues,
  normal,
  OptionError,
  remember,
  type Rng,
  rotary,
  toHeads,
} from "@pellucid/core-train";
import { type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** How a {@link GroupedQueryAttention} is made. */
export interface GroupedQueryAttentionOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** How many heads keys and values have; one is multi-query attention. Default: as many as queries. */
  readonly numKvHeads?: number;
  /** Features of a head. Default: those of the input, shared out among the heads. */
  readonly headDim?: number;
  /** Of {@link rotary}. Default: 10000. */
  readonly base?: number;
  /** Whether the projections have a bias. Default: false. */
  readonly bias?: boolean;
}

/**
 * Attention that looks back, whose places turn its queries and keys, and whose keys and values serve several heads each, so that
 * less has to be remembered; with the names of Hugging Face's Llama.
 *
 * Ainslie et al., 2023. GQA. https://arxiv.org/abs/2305.13245
 * Shazeer, 2019. Fast transformer decoding. https://arxiv.org/abs/1911.02150 (one head of keys and values)
 */
export class GroupedQueryAttention extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
  readonly base: number;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If heads do not divide. */
  constructor(width: number, heads: number, options: GroupedQueryAttentionOptions) {
    super();
    const { rng, numKvHeads = heads, base = 10_000, bias = false } = options;
    const headDim = options.headDim ?? headWidth("GroupedQueryAttention", width, heads);
    if (!Number.isInteger(numKvHeads) || numKvHeads < 1 || heads % numKvHeads !== 0) {
      const expected = `a divisor of the ${heads} heads`;
      throw new OptionError("GroupedQueryAttention", "numKvHeads", numKvHeads, expected);
    }
    const made = { rng, bias, init: normal(0, 0.02) };
    this.heads = heads;
    this.groups = numKvHeads;
    this.headDim = headDim;
    this.base = base;
    this.qProj = new Linear(width, heads * headDim, made);
    this.kProj = new Linear(width, numKvHeads * headDim, made);
    this.vProj = new Linear(width, numKvHeads * headDim, made);
    this.oProj = new Linear(heads * headDim, width, made);
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const [query, key, value] = this.#project(x, 0);
      const found = this.attention.forward({ query, key, value, options: { isCausal: true } });
      return this.oProj.forward(fromHeads(found));
    });
  }

  /** What is remembered before a text. */
  initialState(batch: number): KeyValues {
    return noKeyValues(batch, this.groups, this.headDim);
  }

  /** What comes of some more moments after those that left `before`. */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    return tidy(() => {
      const past = before.key.shape[2];
      const [query, key, value] = this.#project(x, past);
      const state = remember(before, key, value);
      const options = { isCausal: true, past };
      const found = this.attention.forward({ query, key: state.key, value: state.value, options });
      return { y: this.oProj.forward(fromHeads(found)), state };
    });
  }

  #project(x: Tensor3D, past: number): [query: Tensor4D, key: Tensor4D, value: Tensor4D] {
    checkShape("GroupedQueryAttention", "x", x, ["batch", "time", this.qProj.inFeatures]);
    const { heads, groups, base } = this;
    const turned = { past, base };
    return [
      rotary(toHeads(this.qProj.forward(x), heads), turned),
      rotary(toHeads(this.kProj.forward(x), groups), turned),
      toHeads(this.vProj.forward(x), groups),
    ];
  }
}
