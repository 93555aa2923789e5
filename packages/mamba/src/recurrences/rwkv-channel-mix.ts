import {
  checkOptions,
  checkRng,
  checkSizes,
  init,
  Linear,
  Module,
  type Parameter,
  relu,
  sigmoid,
  type Step,
} from "@pellucid/core-train";
import { mul, type Rank, square, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Mixer } from "../mixer.ts";
import { mixed, type RwkvMixOptions, timeMix } from "./rwkv-time-mix.ts";
import { tokenShift } from "./token-shift.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** The state of a {@link RwkvChannelMix}: the last input, `[batch, feature]`. */
export type RwkvChannelState = { readonly x: Tensor2D };

/** Options for {@link RwkvChannelMix}. */
export interface RwkvChannelMixOptions extends RwkvMixOptions {
  /** Features between the two projections. Default: `4 dModel`. */
  readonly hiddenSize?: number;
}

/**
 * RWKV's channel mixing: `sigmoid(R x_r) · V relu(K x_k)²` of mixtures of each time step with its predecessor. Names are those of
 * transformers' `RwkvFeedForward`.
 *
 * Peng et al., 2023. https://arxiv.org/abs/2305.13048
 */
export class RwkvChannelMix extends Module implements Mixer<RwkvChannelState> {
  readonly dModel: number;
  readonly timeMixKey: Parameter<Rank.R3>;
  readonly timeMixReceptance: Parameter<Rank.R3>;
  readonly key: Linear;
  readonly receptance: Linear;
  readonly value: Linear;

  constructor(dModel: number, options: RwkvChannelMixOptions) {
    super();
    checkRng("RwkvChannelMix", options);
    checkOptions("RwkvChannelMix", options, ["rng", "layer", "layers", "hiddenSize"]);
    const { rng, layer = 0, layers = 1, hiddenSize = 4 * dModel } = options;
    checkSizes("RwkvChannelMix", { dModel, hiddenSize, layers, "layer + 1": layer + 1 });
    const down = 1 - layer / layers;
    const project = (from: number, to: number): Linear =>
      new Linear(from, to, {
        rng,
        bias: false,
        init: init.orthogonal({ gain: Math.sqrt(Math.max(to / from, 1)) }),
      });
    this.dModel = dModel;
    this.timeMixKey = timeMix(dModel, down);
    this.timeMixReceptance = timeMix(dModel, down);
    this.key = project(dModel, hiddenSize);
    this.receptance = project(dModel, dModel);
    this.value = project(hiddenSize, dModel);
  }

  initialState(batch: number): RwkvChannelState {
    return stateOf<RwkvChannelState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: RwkvChannelState): Step<Tensor3D, RwkvChannelState> {
    checkStep(`RwkvChannelMix(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    return tidy(() => {
      const { output: before, state: last } = tokenShift(x, state.x);
      const hidden = square(relu(this.key.forward(mixed(x, before, this.timeMixKey))));
      const receptance = sigmoid(this.receptance.forward(mixed(x, before, this.timeMixReceptance)));
      return { output: mul(receptance, this.value.forward(hidden)), state: { x: last } };
    });
  }

  #stateShapes(): StateShapes<RwkvChannelState> {
    return { x: [this.dModel] };
  }
}
