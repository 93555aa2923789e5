import { checkSizes, checkProbabilities, checkRng } from "../../check-values.ts";
import { clone, keep, mean, type Tensor, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { initialize } from "../../init/initialize.ts";
import { zeros } from "../../init/zeros.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { isTraining } from "../../module/training.ts";
import { intercept } from "../../observe/intercept.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import type { HasTorchLayout, TorchLayout } from "../../weights/torch-layout.ts";
import { Linear } from "../linear.ts";
import { DotProductAttention } from "./scaled-dot-product-attention.ts";
import { ExtraKeyValues } from "./extra-key-values.ts";
import { headSize, mergeHeads } from "./heads.ts";
import { InputProjection, type QueryKeyValue } from "./input-projection.ts";
import { appendKeyValues, emptyKeyValues, type KeyValues } from "./key-values.ts";
import { multiheadMask, type MultiheadMasks } from "./multihead-mask.ts";

/** Options for {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The probability that dropout zeroes an attention weight in training. Default: 0. */
  readonly dropout?: number;
  /** Whether the projections have a bias. Default: true. */
  readonly bias?: boolean;
  /** Features of a key. Default: those of a query. */
  readonly kdim?: number;
  /** Features of a value. Default: those of a query. */
  readonly vdim?: number;
  /** Whether to append a learned key and value. Default: false. */
  readonly addBiasKv?: boolean;
  /** Whether to append a key and value of zeros. Default: false. */
  readonly addZeroAttn?: boolean;
}

/** What the queries of a {@link MultiheadAttention} attend to, and its masks. */
export interface MultiheadOptions extends MultiheadMasks {
  /** `[batch, key, kdim]`. Default: the queries, which is self-attention. */
  readonly key?: Tensor3D;
  /** `[batch, key, vdim]`. Default: the keys. */
  readonly value?: Tensor3D;
}

/** The output of an attention layer and its attention weights. */
export interface AttentionOutput {
  /** `[batch, query, feature]` */
  readonly output: Tensor3D;
  /** `[batch, query, key]`, or `[batch, head, query, key]` if heads are not averaged. */
  readonly weights: Tensor;
}

/**
 * Multi-head attention, as `torch.nn.MultiheadAttention` with `batch_first=True`: its names, initial weights and meaning of masks
 * (`true` blocks).
 *
 * Vaswani et al., 2017, section 3.2.2. https://arxiv.org/abs/1706.03762
 *
 * A query whose keys are all masked gets zeros, where PyTorch gives zeros or NaN, depending on its version. The attention weights
 * are at `attention.weights`, for `capture` and `intercept`.
 */
export class MultiheadAttention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly embedDim: number;
  readonly numHeads: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly rng: Rng;
  readonly projection: InputProjection;
  readonly extra: ExtraKeyValues;
  readonly outProj: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If a size is not an integer above 0, `numHeads` does not divide `embedDim`, or `dropout` is not a probability. */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions) {
    super();
    checkRng("MultiheadAttention", options);
    checkOptions("MultiheadAttention", options, [
      "rng",
      "dropout",
      "bias",
      "kdim",
      "vdim",
      "addBiasKv",
      "addZeroAttn",
    ]);
    const { rng, dropout = 0, bias = true, kdim = embedDim, vdim = embedDim } = options;
    const { addBiasKv = false, addZeroAttn = false } = options;
    checkSizes("MultiheadAttention", { embedDim, numHeads, kdim, vdim });
    checkProbabilities("MultiheadAttention", { dropout });
    headSize("MultiheadAttention", embedDim, numHeads);
    const outProj = new Linear(embedDim, embedDim, { rng, bias }); // drawn first, as in PyTorch
    if (bias) initialize(outProj, "bias", zeros(), rng);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.kdim = kdim;
    this.vdim = vdim;
    this.dropout = dropout;
    this.rng = rng;
    this.projection = new InputProjection(embedDim, numHeads, { rng, bias, kdim, vdim });
    this.extra = new ExtraKeyValues(embedDim, numHeads, { rng, addBiasKv, addZeroAttn });
    this.outProj = outProj;
  }

  get torchLayout(): TorchLayout {
    return { projection: { name: "" }, extra: { name: "" } };
  }

  /**
   * @param query `[batch, query, feature]`
   * @returns the shape of `query`
   * @throws {ShapeError} If the shapes do not fit together.
   */
  forward(query: Tensor3D, options: MultiheadOptions = {}): Tensor3D {
    const { key = query, value = key } = options;
    return tidy(() => {
      const heads = this.#project(query, key, value);
      return this.#attend(heads.query, heads, options, 0);
    });
  }

  /**
   * {@link forward}, and the attention weights before dropout.
   *
   * @param options.averageAttnWeights whether the weights are averaged over heads. Default: true.
   */
  forwardWithWeights(
    query: Tensor3D,
    options: MultiheadOptions & { readonly averageAttnWeights?: boolean } = {},
  ): AttentionOutput {
    return tidy(() => {
      const recorded: Tensor4D[] = [];
      const record = (weights: Tensor4D): Tensor4D => {
        recorded.push(keep(clone(weights)));
        return weights;
      };
      const output = intercept(this.attention.weights, record, () => this.forward(query, options));
      const [perHead] = recorded as [Tensor4D];
      const weights = (options.averageAttnWeights ?? true) ? mean(perHead, 1) : clone(perHead);
      perHead.dispose();
      return { output, weights };
    });
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.numHeads, this.embedDim / this.numHeads);
  }

  /**
   * Causal self-attention of the next time steps.
   *
   * @param x `[batch, time, feature]`
   */
  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const { query, key, value } = this.#project(x, x, x);
      const cache = appendKeyValues(state, key, value);
      const output = this.#attend(query, cache, { isCausal: true }, state.key.shape[2]);
      return { output, state: cache };
    });
  }

  #project(query: Tensor3D, key: Tensor3D, value: Tensor3D): QueryKeyValue<Tensor4D> {
    checkShape(this.#name, "query", query, ["batch", "query", this.embedDim]);
    checkShape(this.#name, "key", key, [query.shape[0], "key", this.kdim]);
    checkShape(this.#name, "value", value, [query.shape[0], key.shape[1], this.vdim]);
    return this.projection.forward({ query, key, value });
  }

  /** @param offset the position of the first query among the keys, for causal attention */
  #attend(query: Tensor4D, { key, value }: KeyValues, masks: MultiheadMasks, offset: number): Tensor3D {
    const { extra, rng } = this;
    const [batch, heads, queries] = query.shape;
    const scores: Tensor4D["shape"] = [batch, heads, queries, key.shape[2]];
    const mask = multiheadMask(this.#name, masks, scores, { extraKeys: extra.count, offset });
    const isCausal = (masks.isCausal ?? false) && extra.count === 0;
    const dropout = isTraining(this) ? this.dropout : 0;
    const options = { mask, isCausal, offset, dropout, rng };
    const attended = this.attention.forward({ query, ...extra.forward({ key, value }), options });
    return this.outProj.forward(mergeHeads(attended));
  }

  get #name(): string {
    return `MultiheadAttention(${this.embedDim}, ${this.numHeads})`;
  }
}
