import {
  checkOptions,
  checkRng,
  checkSizes,
  init,
  Linear,
  Module,
  type Parameter,
  parameter,
  type Rng,
  sigmoid,
  type Step,
} from "@pellucid/core-train";
import { add, exp, mul, type Rank, sub, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Mixer } from "../mixer.ts";
import { tokenShift } from "./token-shift.ts";
import { wkv } from "./wkv.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link RwkvTimeMix} and {@link RwkvChannelMix}. */
export interface RwkvMixOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The index of the block, which the initial mixing depends on. Default: 0. */
  readonly layer?: number;
  /** The number of blocks. Default: 1. */
  readonly layers?: number;
}

/** The state of a {@link RwkvTimeMix}: the last input, and that of {@link wkv}, each `[batch, feature]`. */
export type RwkvTimeState = {
  readonly x: Tensor2D;
  readonly mean: Tensor2D;
  readonly logWeight: Tensor2D;
};

/** `[1, 1, feature]`: the share of the current time step, `(i / features)^power`, plus `more`. */
export function timeMix(features: number, power: number, more = 0): Parameter<Rank.R3> {
  const data = Float32Array.from({ length: features }, (_, i) => (i / features) ** power + more);
  return parameter<Rank.R3>({ data, shape: [1, 1, features] });
}

/** `x` and its predecessor, mixed: `x m + (1 − m) before`. */
export function mixed(x: Tensor3D, before: Tensor3D, share: Tensor3D): Tensor3D {
  return add(mul(x, share), mul(before, sub(1, share)));
}

/**
 * RWKV's time mixing: {@link wkv} of keys and values of mixtures of each time step with its predecessor, times a receptance.
 *
 * Names are those of transformers' `RwkvSelfAttention`. The initial `timeFirst` is the paper's, `log 0.3` with a zigzag of ½, where
 * transformers has 1.
 *
 * Peng et al., 2023. https://arxiv.org/abs/2305.13048
 */
export class RwkvTimeMix extends Module implements Mixer<RwkvTimeState> {
  readonly dModel: number;
  /** The logarithm of the decay's rate, `[feature]`. */
  readonly timeDecay: Parameter<Rank.R1>;
  /** What is added to the key of the current time step, `[feature]`. */
  readonly timeFirst: Parameter<Rank.R1>;
  readonly timeMixKey: Parameter<Rank.R3>;
  readonly timeMixValue: Parameter<Rank.R3>;
  readonly timeMixReceptance: Parameter<Rank.R3>;
  readonly key: Linear;
  readonly value: Linear;
  readonly receptance: Linear;
  readonly output: Linear;

  constructor(dModel: number, options: RwkvMixOptions) {
    super();
    checkRng("RwkvTimeMix", options);
    checkOptions("RwkvTimeMix", options, ["rng", "layer", "layers"]);
    const { rng, layer = 0, layers = 1 } = options;
    checkSizes("RwkvTimeMix", { dModel, layers, "layer + 1": layer + 1 });
    const up = layer / Math.max(layers - 1, 1); // 0 to 1 with depth
    const down = 1 - layer / layers;
    const vector = (f: (i: number) => number): Parameter<Rank.R1> =>
      parameter<Rank.R1>({ data: Float32Array.from({ length: dModel }, (_, i) => f(i)), shape: [dModel] });
    const square = (): Linear => new Linear(dModel, dModel, { rng, bias: false, init: init.orthogonal() });
    this.dModel = dModel;
    this.timeDecay = vector((i) => -5 + 8 * (i / Math.max(dModel - 1, 1)) ** (0.7 + 1.3 * up));
    this.timeFirst = vector((i) => Math.log(0.3) + (((i + 1) % 3) - 1) / 2);
    this.timeMixKey = timeMix(dModel, down);
    this.timeMixValue = timeMix(dModel, down, 0.3 * up);
    this.timeMixReceptance = timeMix(dModel, down / 2);
    this.key = square();
    this.value = square();
    this.receptance = square();
    this.output = square();
  }

  /** The last projection, for language models. */
  get outProj(): Linear {
    return this.output;
  }

  initialState(batch: number): RwkvTimeState {
    return stateOf<RwkvTimeState>(batch, this.#stateShapes(), { logWeight: -1e30 });
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: RwkvTimeState): Step<Tensor3D, RwkvTimeState> {
    checkStep(`RwkvTimeMix(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    return tidy(() => {
      const { output: before, state: last } = tokenShift(x, state.x);
      const { output, state: past } = wkv({
        key: this.key.forward(mixed(x, before, this.timeMixKey)),
        value: this.value.forward(mixed(x, before, this.timeMixValue)),
        decay: exp(this.timeDecay),
        first: this.timeFirst,
        initial: state,
      });
      const receptance = sigmoid(this.receptance.forward(mixed(x, before, this.timeMixReceptance)));
      return { output: this.output.forward(mul(receptance, output)), state: { x: last, ...past } };
    });
  }

  #stateShapes(): StateShapes<RwkvTimeState> {
    const shape = [this.dModel];
    return { x: shape, mean: shape, logWeight: shape };
  }
}
