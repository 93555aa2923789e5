import { checkSizes, checkPositive, checkRng } from "../check-values.ts";
import { type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
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

/** Options for {@link Embedding}. */
export interface EmbeddingOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The padding index, whose row is initialized to zeros and not trained. A negative index counts from the end. Default: none. */
  readonly paddingIdx?: number | null;
  /** The maximum norm of a row. Default: none. */
  readonly maxNorm?: number | null;
  /** The `p` of the norm for `maxNorm`. Default: 2. */
  readonly normType?: number;
  /** Initializer of the rows. Default: standard normal. */
  readonly init?: Initializer;
}

/**
 * A table of vectors, looked up by index; see {@link embedding}.
 *
 * With `maxNorm`, a forward pass renormalizes the rows that it looks up, as in PyTorch: in inference immediately, in training when the
 * step succeeds.
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
    checkRng("Embedding", options);
    checkOptions("Embedding", options, ["rng", "paddingIdx", "maxNorm", "normType", "init"]);
    checkSizes("Embedding", { numEmbeddings, embeddingDim });
    const { rng, paddingIdx = null, maxNorm = null, normType = 2, init = normal() } = options;
    if (maxNorm !== null) checkPositive("Embedding", { maxNorm });
    checkPositive("Embedding", { normType });
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
   * @throws {IndexError} If a row does not exist, and the indices can be read without waiting for a GPU.
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
