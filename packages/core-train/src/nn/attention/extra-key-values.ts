import {
  broadcastTo,
  concat,
  type Rank,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { initialized } from "../../init/initialized.ts";
import { xavierNormal } from "../../init/xavier-normal.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import type { Rng } from "../../rng/rng.ts";
import { splitHeads } from "./heads.ts";
import type { KeyValues } from "./key-values.ts";

/** Options for {@link ExtraKeyValues}. */
export interface ExtraKeyValuesOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly addBiasKv: boolean;
  readonly addZeroAttn: boolean;
}

/** Keys and values that are appended to those of the sequence: a learned pair, a pair of zeros, both or none. */
export class ExtraKeyValues extends Module {
  readonly numHeads: number;
  readonly addZeroAttn: boolean;
  /** `[1, 1, feature]` */
  readonly biasK: Parameter<Rank.R3> | null;
  /** `[1, 1, feature]` */
  readonly biasV: Parameter<Rank.R3> | null;

  constructor(embedDim: number, numHeads: number, options: ExtraKeyValuesOptions) {
    super();
    const { rng, addBiasKv, addZeroAttn } = options;
    const learned = (): Parameter<Rank.R3> | null =>
      addBiasKv ? initialized([1, 1, embedDim], xavierNormal(), rng) : null;
    this.numHeads = numHeads;
    this.addZeroAttn = addZeroAttn;
    this.biasK = learned();
    this.biasV = learned();
  }

  /** The number of keys that {@link forward} appends. */
  get count(): number {
    return Number(this.biasK !== null) + Number(this.addZeroAttn);
  }

  /** Appends the extra keys and values. */
  forward({ key, value }: KeyValues): KeyValues {
    if (this.count === 0) return { key, value };
    return tidy(() => ({
      key: concat([key, ...this.#extra(this.biasK, key)], 2),
      value: concat([value, ...this.#extra(this.biasV, value)], 2),
    }));
  }

  /** `[batch, head, 1, feature]` each */
  #extra(learned: Tensor3D | null, { shape: [batch, heads, , features] }: Tensor4D): Tensor4D[] {
    const extra: Tensor4D[] = [];
    if (learned !== null) {
      const repeated: Tensor3D = broadcastTo(learned, [batch, 1, heads * features]);
      extra.push(splitHeads(repeated, heads));
    }
    if (this.addZeroAttn) extra.push(zeros<Rank.R4>([batch, heads, 1, features]));
    return extra;
  }
}
