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

/** How an {@link EmbeddingBag} is made. */
export interface EmbeddingBagOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** How the vectors of a bag become one. Default: "mean". */
  readonly mode?: "mean" | "sum" | "max";
  /** The row that stands for nothing, to make bags of different sizes: it does not count. From the end where negative. Default: none. */
  readonly paddingIdx?: number | null;
  /** How the rows are first drawn. Default: standard normal. */
  readonly init?: Initializer;
}

/**
 * The mean, sum or maximum of the vectors of a bag of words; a bag of nothing but padding gives zeros.
 *
 * PyTorch's also takes bags as one long list with offsets, weights of words, and `max_norm`.
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
    const { rng, mode = "mean", paddingIdx = null, init = normal() } = options;
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
   * @throws IndexError for a row that does not exist, where reading the indices does not have to wait for a GPU
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
        const aside = mul(sub(kept, 1), 1e38); // far below whatever counts
        return mul(max<Tensor2D>(add(found, aside), 1).values, minimum(number, 1));
      }
      const total = sum<Tensor2D>(mul(found, kept), 1); //                                        [batch, feature]
      return mode === "sum" ? total : div(total, maximum(number, 1));
    });
  }
}
