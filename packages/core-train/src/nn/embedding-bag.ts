import { checkSizes, checkChoice, checkRng } from "../check-values.ts";
import {
  add,
  cast,
  div,
  expandDims,
  mul,
  notEqual,
  type Rank,
  sub,
  sum,
  type Tensor2D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { initialized } from "../init/initialized.ts";
import type { Initializer } from "../init/initializer.ts";
import { normal } from "../init/normal.ts";
import { withZeroRow } from "../init/with-zero-row.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { checkIndices, embedding, resolveRow } from "../op/embedding.ts";
import { max } from "../op/max.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { maximum } from "../op/maximum.ts";
import { minimum } from "../op/minimum.ts";

/** Options for {@link EmbeddingBag}. */
export interface EmbeddingBagOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Reduction of the vectors of a bag. Default: "mean". */
  readonly mode?: "mean" | "sum" | "max";
  /** The index that pads bags of different sizes: it does not contribute. A negative index counts from the end. Default: none. */
  readonly paddingIdx?: number | null;
  /** Initializer of the rows. Default: standard normal. */
  readonly init?: Initializer;
}

/**
 * The mean, sum or maximum of the vectors of a bag of indices; a bag that is only padding gives zeros.
 *
 * PyTorch's layer also accepts one list of indices with offsets, weights of indices, and `max_norm`.
 */
export class EmbeddingBag extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly mode: "mean" | "sum" | "max";
  readonly paddingIdx: number | null;
  /** `[row, feature]` */
  readonly weight: Parameter<Rank.R2>;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions) {
    super();
    checkRng("EmbeddingBag", options);
    checkOptions("EmbeddingBag", options, ["rng", "mode", "paddingIdx", "init"]);
    checkSizes("EmbeddingBag", { numEmbeddings, embeddingDim });
    const { rng, mode = "mean", paddingIdx = null, init = normal() } = options;
    checkChoice("EmbeddingBag", "mode", mode, ["mean", "sum", "max"]);
    const padding = paddingIdx === null ? null : resolveRow("EmbeddingBag", paddingIdx, numEmbeddings);
    const rows = padding === null ? init : withZeroRow(init, padding);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.mode = mode;
    this.paddingIdx = padding;
    this.weight = initialized([numEmbeddings, embeddingDim], rows, rng);
  }

  /**
   * @param indices int32 `[batch, size]`
   * @returns `[batch, feature]`
   * @throws {IndexError} If a row does not exist, and the indices can be read without waiting for a GPU.
   */
  forward(indices: Tensor2D): Tensor2D {
    const { numEmbeddings, embeddingDim, paddingIdx, mode, weight } = this;
    const name = `EmbeddingBag(${numEmbeddings}, ${embeddingDim})`;
    checkShape(name, "indices", indices, ["batch", "size"]);
    checkIndices(name, indices, numEmbeddings);
    if (indices.size === 0) return zeros([indices.shape[0], embeddingDim]);
    return tidy(() => {
      const found = embedding(indices, weight, { paddingIdx }); //                    [batch, size, feature]
      const counts = cast(notEqual(indices, paddingIdx ?? -1), "float32"); //                     [batch, size]
      const number = sum(counts, 1, true); //                                                     [batch, 1]
      const kept = expandDims(counts, 2); //                                                      [batch, size, 1]
      if (mode === "max") {
        const aside = mul(sub(kept, 1), 1e38); // far below every counted value
        return mul(max<Tensor2D>(add(found, aside), 1).values, minimum(number, 1));
      }
      const total = sum<Tensor2D>(mul(found, kept), 1); //                                        [batch, feature]
      return mode === "sum" ? total : div(total, maximum(number, 1));
    });
  }
}
