import {
  type Rank,
  slice,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { initialized } from "../../init/initialized.ts";
import { xavierUniform } from "../../init/xavier-uniform.ts";
import { zeros } from "../../init/zeros.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { linear } from "../../op/linear.ts";
import type { Rng } from "../../rng/rng.ts";
import type { HasTorchLayout, TorchLayout } from "../../weights/torch-layout.ts";
import { splitHeads } from "./heads.ts";

/** Queries, keys and values: sequences, `[batch, time, feature]`, or their heads, `[batch, head, time, feature]`. */
export interface QueryKeyValue<T extends Tensor3D | Tensor4D> extends Record<string, Tensor> {
  readonly query: T;
  readonly key: T;
  readonly value: T;
}

/** Options for {@link InputProjection}. */
export interface InputProjectionOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly bias: boolean;
  /** Features of a key. */
  readonly kdim: number;
  /** Features of a value. */
  readonly vdim: number;
}

/**
 * The projections of a {@link MultiheadAttention} from its inputs to the queries, keys and values of each head: one packed matrix
 * if all have `embedDim` features, otherwise a matrix for each.
 */
export class InputProjection
  extends Module
  implements Layer<QueryKeyValue<Tensor3D>, QueryKeyValue<Tensor4D>>, HasTorchLayout
{
  readonly embedDim: number;
  readonly numHeads: number;
  /** `[in, 3 · out]`, or `null` if each has a matrix. */
  readonly inProjWeight: Parameter<Rank.R2> | null;
  readonly qProjWeight: Parameter<Rank.R2> | null;
  readonly kProjWeight: Parameter<Rank.R2> | null;
  readonly vProjWeight: Parameter<Rank.R2> | null;
  /** `[3 · out]` */
  readonly inProjBias: Parameter<Rank.R1> | null;

  constructor(embedDim: number, numHeads: number, { rng, bias, kdim, vdim }: InputProjectionOptions) {
    super();
    const matrix = (out: number, size: number): Parameter<Rank.R2> =>
      initialized([out, size], xavierUniform(), rng, [1, 0]);
    const isPacked = kdim === embedDim && vdim === embedDim;
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.inProjWeight = isPacked ? matrix(3 * embedDim, embedDim) : null;
    this.qProjWeight = isPacked ? null : matrix(embedDim, embedDim);
    this.kProjWeight = isPacked ? null : matrix(embedDim, kdim);
    this.vProjWeight = isPacked ? null : matrix(embedDim, vdim);
    this.inProjBias = bias ? initialized([3 * embedDim], zeros()) : null;
  }

  get torchLayout(): TorchLayout {
    const axes = [1, 0];
    return { inProjWeight: { axes }, qProjWeight: { axes }, kProjWeight: { axes }, vProjWeight: { axes } };
  }

  forward({ query, key, value }: QueryKeyValue<Tensor3D>): QueryKeyValue<Tensor4D> {
    const { inProjWeight, inProjBias, numHeads } = this;
    const isSelfAttention = query === key && key === value;
    return tidy(() => {
      const [q, k, v] =
        inProjWeight !== null && isSelfAttention
          ? (split(linear(query, inProjWeight, inProjBias), 3, 2) as [Tensor3D, Tensor3D, Tensor3D])
          : [this.#project(query, 0), this.#project(key, 1), this.#project(value, 2)];
      return {
        query: splitHeads(q, numHeads),
        key: splitHeads(k, numHeads),
        value: splitHeads(v, numHeads),
      };
    });
  }

  #project(x: Tensor3D, i: 0 | 1 | 2): Tensor3D {
    const { inProjWeight, inProjBias, embedDim } = this;
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight][i] ?? null;
    const weight = own ?? slice(inProjWeight as Tensor2D, [0, i * embedDim], [embedDim, embedDim]);
    const bias: Tensor1D | null = inProjBias && slice(inProjBias, [i * embedDim], [embedDim]);
    return linear(x, weight, bias);
  }
}
