import {
  checkShape,
  DotProductAttention,
  emptyKeyValues,
  headSize,
  type KeyValues,
  type Layer,
  Linear,
  mergeHeads,
  Module,
  OptionError,
  type Rng,
  rotary,
  type SequenceLayer,
  splitHeads,
  type Step,
  init,
  checkSizes,
  checkPositive,
  checkRng,
} from "@pellucid/core-train";
import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link GroupedQueryAttention}. */
export interface GroupedQueryAttentionOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The number of heads of keys and values; 1 is multi-query attention. Default: that of the queries. */
  readonly numKeyValueHeads?: number;
  /** Features of a head. Default: those of the input, divided among the heads. */
  readonly headDim?: number;
  /** The base of {@link rotary}. Default: 10000. */
  readonly ropeTheta?: number;
  /** Whether the projections have a bias. Default: false. */
  readonly bias?: boolean;
}

/**
 * Causal self-attention with rotary positions, in which several heads of queries share one head of keys and values, so that the
 * cache is smaller; with the names of Hugging Face's Llama.
 *
 * Ainslie et al., 2023. GQA. https://arxiv.org/abs/2305.13245
 * Shazeer, 2019. Fast transformer decoding. https://arxiv.org/abs/1911.02150 (one head of keys and values)
 */
export class GroupedQueryAttention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>
{
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
  readonly ropeTheta: number;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If heads do not divide. */
  constructor(width: number, heads: number, options: GroupedQueryAttentionOptions) {
    super();
    checkRng("GroupedQueryAttention", options);
    checkSizes("GroupedQueryAttention", { width, heads });
    const { rng, numKeyValueHeads = heads, ropeTheta = 10_000, bias = false } = options;
    const headDim = options.headDim ?? headSize("GroupedQueryAttention", width, heads);
    checkSizes("GroupedQueryAttention", { headDim });
    checkPositive("GroupedQueryAttention", { ropeTheta });
    if (!Number.isInteger(numKeyValueHeads) || numKeyValueHeads < 1 || heads % numKeyValueHeads !== 0) {
      const expected = `a divisor of the ${heads} heads`;
      throw new OptionError("GroupedQueryAttention", "numKeyValueHeads", numKeyValueHeads, expected);
    }
    const made = { rng, bias, init: init.normal(0, 0.02) };
    this.heads = heads;
    this.groups = numKeyValueHeads;
    this.headDim = headDim;
    this.ropeTheta = ropeTheta;
    this.qProj = new Linear(width, heads * headDim, made);
    this.kProj = new Linear(width, numKeyValueHeads * headDim, made);
    this.vProj = new Linear(width, numKeyValueHeads * headDim, made);
    this.oProj = new Linear(heads * headDim, width, made);
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#attend(x, null).output);
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.groups, this.headDim);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => this.#attend(x, state));
  }

  #attend(x: Tensor3D, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    checkShape("GroupedQueryAttention", "x", x, ["batch", "time", this.qProj.inFeatures]);
    const { heads, groups, ropeTheta } = this;
    const positions = { offset: cache?.key.shape[2] ?? 0, base: ropeTheta };
    const query = rotary(splitHeads(this.qProj.forward(x), heads), positions);
    const key = rotary(splitHeads(this.kProj.forward(x), groups), positions);
    const value = splitHeads(this.vProj.forward(x), groups);
    const { output, state } = this.attention.step({ query, key, value }, cache);
    return { output: this.oProj.forward(mergeHeads(output)), state };
  }
}
