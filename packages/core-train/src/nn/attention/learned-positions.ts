import { add, type Rank, slice, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { initialized } from "../../init/initialized.ts";
import type { Initializer } from "../../init/initializer.ts";
import { normal } from "../../init/normal.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { checkContext } from "./context-length-error.ts";

/** How {@link LearnedPositions} are made. */
export interface LearnedPositionsOptions {
  /** Where the first vectors come from. */
  readonly rng: Rng;
  /** How the vectors are first drawn. Default: normal of standard deviation 0.02. */
  readonly init?: Initializer;
}

/**
 * Adds to each moment a learned vector of its place. Saved, it is a `torch.nn.Embedding`.
 *
 * Gehring et al., 2017. Convolutional sequence to sequence learning. https://arxiv.org/abs/1705.03122
 */
export class LearnedPositions extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly maxLen: number;
  readonly dModel: number;
  /** `[maxLen, feature]` */
  readonly weight: Parameter<Rank.R2>;

  constructor(maxLen: number, dModel: number, options: LearnedPositionsOptions) {
    super();
    const { rng, init = normal(0, 0.02) } = options;
    this.maxLen = maxLen;
    this.dModel = dModel;
    this.weight = initialized([maxLen, dModel], init, rng);
  }

  /**
   * @param x `[batch, time, feature]`
   * @param past how many moments came before
   * @returns the shape of `x`
   * @throws {ContextLengthError} If the sequence is longer than `maxLen`.
   */
  forward(x: Tensor3D, past = 0): Tensor3D {
    const { maxLen, dModel, weight } = this;
    const who = `LearnedPositions(${maxLen}, ${dModel})`;
    checkShape(who, "x", x, ["batch", "time", dModel]);
    const time = x.shape[1];
    checkContext(who, past + time, maxLen);
    return tidy(() => add(x, slice(weight, [past, 0], [time, dModel])));
  }
}
