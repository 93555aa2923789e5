import {
  broadcastTo,
  clone,
  concat,
  keep,
  mean,
  type Rank,
  slice,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { constant } from "../../init/constant.ts";
import { initialized } from "../../init/initialized.ts";
import { xavierNormal } from "../../init/xavier-normal.ts";
import { xavierUniform } from "../../init/xavier-uniform.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { isTraining } from "../../module/training.ts";
import { intercept } from "../../observe/intercept.ts";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import type { StoredByTorch, TorchLayout } from "../../weights/torch-layout.ts";
import { Linear } from "../linear.ts";
import { DotProductAttention } from "./dot-product-attention.ts";
import { fromHeads, headWidth, toHeads } from "./heads.ts";
import { type Advanced, type KeyValues, noKeyValues, remember } from "./key-values.ts";
import { multiheadMask, type MultiheadMasks } from "./multihead-mask.ts";

/** How a {@link MultiheadAttention} is made. */
export interface MultiheadAttentionOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** How likely a weight of the attention is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether the projections have a bias. Default: true. */
  readonly bias?: boolean;
  /** Features of a key. Default: those of a query. */
  readonly kdim?: number;
  /** Features of a value. Default: those of a query. */
  readonly vdim?: number;
  /** Whether there is a learned key and value after all others. Default: false. */
  readonly addBiasKv?: boolean;
  /** Whether there is a key and value of zeros after all others. Default: false. */
  readonly addZeroAttn?: boolean;
}

/** Where a {@link MultiheadAttention} looks. */
export interface MultiheadOptions extends MultiheadMasks {
  /** `[batch, key, kdim]`. Default: the queries themselves. */
  readonly key?: Tensor3D;
  /** What it finds there, `[batch, key, vdim]`. Default: the keys. */
  readonly value?: Tensor3D;
}

/** What a {@link MultiheadAttention} finds, and where. */
export interface MultiheadFound {
  /** `[batch, query, feature]` */
  readonly output: Tensor3D;
  /** `[batch, query, key]`, or `[batch, head, query, key]` where they are not averaged. */
  readonly weights: Tensor;
}

/**
 * Several attentions side by side, each in its own projection of the features, as `torch.nn.MultiheadAttention` with
 * `batch_first=True`: its names, first weights and meanings of masks (`true` blocks).
 *
 * Vaswani et al., 2017, section 3.2.2. https://arxiv.org/abs/1706.03762
 *
 * A query that may look at nothing finds zeros, where PyTorch finds zeros or NaN as its version has it. The weights are at
 * `attention.weights`, for `capture` and `intercept`.
 */
export class MultiheadAttention extends Module implements Layer<Tensor3D, Tensor3D>, StoredByTorch {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly addZeroAttn: boolean;
  readonly rng: Rng;
  /** `[in, 3 · out]`: of query, key and value; `null` where they have features of their own. */
  readonly inProjWeight: Parameter<Rank.R2> | null;
  readonly qProjWeight: Parameter<Rank.R2> | null;
  readonly kProjWeight: Parameter<Rank.R2> | null;
  readonly vProjWeight: Parameter<Rank.R2> | null;
  /** `[3 · out]` */
  readonly inProjBias: Parameter<Rank.R1> | null;
  /** `[1, 1, out]` */
  readonly biasK: Parameter<Rank.R3> | null;
  /** `[1, 1, out]` */
  readonly biasV: Parameter<Rank.R3> | null;
  readonly outProj: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If `numHeads` does not divide `embedDim`. */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions) {
    super();
    const { rng, dropout = 0, bias = true, kdim = embedDim, vdim = embedDim } = options;
    const { addBiasKv = false, addZeroAttn = false } = options;
    headWidth("MultiheadAttention", embedDim, numHeads);
    const outProj = new Linear(embedDim, embedDim, { rng, bias }); // drawn first, as PyTorch does
    tidy(() => outProj.bias?.assign(zeros([embedDim])));
    const projection = (out: number, size: number): Parameter<Rank.R2> =>
      initialized([out, size], xavierUniform(), rng, [1, 0]);
    const aside = (): Parameter<Rank.R3> | null =>
      addBiasKv ? initialized([1, 1, embedDim], xavierNormal(), rng) : null;
    const isPacked = kdim === embedDim && vdim === embedDim;
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.kdim = kdim;
    this.vdim = vdim;
    this.dropout = dropout;
    this.addZeroAttn = addZeroAttn;
    this.rng = rng;
    this.inProjWeight = isPacked ? projection(3 * embedDim, embedDim) : null;
    this.qProjWeight = isPacked ? null : projection(embedDim, embedDim);
    this.kProjWeight = isPacked ? null : projection(embedDim, kdim);
    this.vProjWeight = isPacked ? null : projection(embedDim, vdim);
    this.inProjBias = bias ? initialized([3 * embedDim], constant(0)) : null;
    this.biasK = aside();
    this.biasV = aside();
    this.outProj = outProj;
  }

  get torchLayout(): TorchLayout {
    const axes = [1, 0];
    return { inProjWeight: { axes }, qProjWeight: { axes }, kProjWeight: { axes }, vProjWeight: { axes } };
  }

  /**
   * @param query `[batch, query, feature]`
   * @returns the shape of `query`
   * @throws {ShapeError} If the shapes do not go together.
   */
  forward(query: Tensor3D, options: MultiheadOptions = {}): Tensor3D {
    const { key = query, value = key, isCausal = false } = options;
    const { numHeads, embedDim, kdim, vdim, dropout, rng } = this;
    const who = `MultiheadAttention(${embedDim}, ${numHeads})`;
    checkShape(who, "query", query, ["batch", "query", embedDim]);
    const [batch, queries] = query.shape;
    checkShape(who, "key", key, [batch, "key", kdim]);
    const keys = key.shape[1];
    checkShape(who, "value", value, [batch, keys, vdim]);
    return tidy(() => {
      const [q, k, v] = this.#project(query, key, value);
      const ends = this.#ends(batch);
      const mask = multiheadMask(who, options, [batch, numHeads, queries, keys], ends.length);
      const found = this.attention.forward({
        query: q,
        key: concat([k, ...ends.map((end) => end.key)], 2),
        value: concat([v, ...ends.map((end) => end.value)], 2),
        options: {
          mask,
          isCausal: isCausal && ends.length === 0,
          dropout: isTraining(this) ? dropout : 0,
          rng,
        },
      });
      return this.outProj.forward(fromHeads(found));
    });
  }

  /** {@link forward}, and the weights before any were dropped: the mean of the heads', unless told otherwise. */
  attend(
    query: Tensor3D,
    options: MultiheadOptions & { readonly averageAttnWeights?: boolean } = {},
  ): MultiheadFound {
    return tidy(() => {
      const seen: Tensor4D[] = [];
      const see = (weights: Tensor4D): Tensor4D => {
        seen.push(keep(clone(weights)));
        return weights;
      };
      const output = intercept(this.attention.weights, see, () => this.forward(query, options));
      const [found] = seen as [Tensor4D];
      const weights = (options.averageAttnWeights ?? true) ? mean(found, 1) : clone(found);
      found.dispose();
      return { output, weights };
    });
  }

  /** What is remembered before a sequence. */
  initialState(batch: number): KeyValues {
    return noKeyValues(batch, this.numHeads, this.embedDim / this.numHeads);
  }

  /**
   * What comes of some more moments, one or many, after those that left `before`, where none looks ahead.
   *
   * @param x `[batch, time, feature]`
   */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    const { numHeads, embedDim } = this;
    checkShape(`MultiheadAttention(${embedDim}, ${numHeads})`, "x", x, ["batch", "time", embedDim]);
    return tidy(() => {
      const [query, key, value] = this.#project(x, x, x);
      const state = remember(before, key, value);
      const past = before.key.shape[2];
      const options = { isCausal: true, past };
      const found = this.attention.forward({ query, key: state.key, value: state.value, options });
      return { y: this.outProj.forward(fromHeads(found)), state };
    });
  }

  /** Query, key and value of each head, `[batch, head, time, feature]`. */
  #project(...inputs: readonly [query: Tensor3D, key: Tensor3D, value: Tensor3D]): Projected {
    const { inProjWeight, inProjBias, numHeads } = this;
    const [query, key, value] = inputs;
    const isSelf = query === key && key === value;
    const projected =
      inProjWeight !== null && isSelf
        ? split(linear(query, inProjWeight, inProjBias), 3, 2)
        : inputs.map((x, i) => linear(x, this.#weight(i), this.#bias(i)));
    return projected.map((x) => toHeads(x as Tensor3D, numHeads)) as Projected;
  }

  #weight(i: number): Tensor2D {
    const { inProjWeight, embedDim } = this;
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight][i] ?? null;
    if (own !== null) return own;
    return slice(inProjWeight as Tensor2D, [0, i * embedDim], [embedDim, embedDim]);
  }

  #bias(i: number): Tensor1D | null {
    const { inProjBias, embedDim } = this;
    return inProjBias === null ? null : slice(inProjBias, [i * embedDim], [embedDim]);
  }

  /** The keys and values after all others, `[batch, head, 1, feature]` each. */
  #ends(batch: number): { readonly key: Tensor4D; readonly value: Tensor4D }[] {
    const { biasK, biasV, numHeads, embedDim, addZeroAttn } = this;
    const spread = (x: Tensor): Tensor4D => toHeads(broadcastTo<Rank.R3>(x, [batch, 1, embedDim]), numHeads);
    const learned = biasK !== null && biasV !== null ? [{ key: spread(biasK), value: spread(biasV) }] : [];
    const nothing: Tensor4D = zeros([batch, numHeads, 1, embedDim / numHeads]);
    return addZeroAttn ? [...learned, { key: nothing, value: nothing }] : learned;
  }
}

type Projected = [query: Tensor4D, key: Tensor4D, value: Tensor4D];
