import { checkSizes, checkRng } from "../../check-values.ts";
import { add, type Rank, slice, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { initialized } from "../../init/initialized.ts";
import type { Initializer } from "../../init/initializer.ts";
import { normal } from "../../init/normal.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { checkContextLength } from "./context-length-error.ts";

/** Options for {@link LearnedPositions}. */
export interface LearnedPositionsOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The initializer of the table. Default: normal of standard deviation 0.02. */
  readonly init?: Initializer;
}

/**
 * Adds a learned embedding of its position to each time step. Its state dict is that of a `torch.nn.Embedding`.
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
    checkRng("LearnedPositions", options);
    checkOptions("LearnedPositions", options, ["rng", "init"]);
    checkSizes("LearnedPositions", { maxLen, dModel });
    const { rng, init = normal(0, 0.02) } = options;
    this.maxLen = maxLen;
    this.dModel = dModel;
    this.weight = initialized([maxLen, dModel], init, rng);
  }

  /**
   * @param x `[batch, time, feature]`
   * @param offset the position of the first time step
   * @returns the shape of `x`
   * @throws {ContextLengthError} If the sequence is longer than `maxLen`.
   */
  forward(x: Tensor3D, offset = 0): Tensor3D {
    const { maxLen, dModel, weight } = this;
    const caller = `LearnedPositions(${maxLen}, ${dModel})`;
    checkShape(caller, "x", x, ["batch", "time", dModel]);
    const time = x.shape[1];
    checkContextLength(caller, offset + time, maxLen);
    return tidy(() => add(x, slice(weight, [offset, 0], [time, dModel])));
  }
}
