import { type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initialized } from "../init/initialized.ts";
import type { Initializer } from "../init/initializer.ts";
import { normal } from "../init/normal.ts";
import { withZeroRow } from "../init/with-zero-row.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { checkIndices, embedding, type LookedUp, resolveRow } from "../op/embedding.ts";
import type { Rng } from "../rng/rng.ts";
import { limitRows } from "./limit-rows.ts";

/** How an {@link Embedding} is made. */
export interface EmbeddingOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** The row that stands for nothing: it starts as zeros and is not trained. From the end where negative. Default: none. */
  readonly paddingIdx?: number | null;
  /** The greatest length of a row. Default: none. */
  readonly maxNorm?: number | null;
  /** The `p` of the length that `maxNorm` limits. Default: 2. */
  readonly normType?: number;
  /** How the rows are first drawn. Default: standard normal. */
  readonly init?: Initializer;
}

/**
 * A vector for each of some words, classes or nodes, looked up by its index; see {@link embedding}.
 *
 * With `maxNorm`, a forward pass cuts the rows it looks up, as in PyTorch: in inference at once, in training when the step
 * ends well.
 */
export class Embedding extends Module implements Layer<Tensor, Tensor> {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  /** `[row, feature]` */
  readonly weight: Parameter<Rank.R2>;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions) {
    super();
    const { rng, paddingIdx = null, maxNorm = null, normType = 2, init = normal() } = options;
    const padding = paddingIdx === null ? null : resolveRow("Embedding", paddingIdx, numEmbeddings);
    const rows = padding === null ? init : withZeroRow(init, padding);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = padding;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.weight = initialized([numEmbeddings, embeddingDim], rows, rng);
  }

  /**
   * @param indices int32, of any shape
   * @returns `[...indices, feature]`
   * @throws IndexError for a row that does not exist, where reading the indices does not have to wait for a GPU
   */
  forward<Indices extends Tensor>(indices: Indices): LookedUp<Indices> {
    const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, weight } = this;
    checkIndices(`Embedding(${numEmbeddings}, ${embeddingDim})`, indices, numEmbeddings);
    return tidy(() => {
      const rows = maxNorm === null ? weight : limitRows(weight, indices, maxNorm, normType);
      return embedding(indices, rows, { paddingIdx });
    });
  }
}
