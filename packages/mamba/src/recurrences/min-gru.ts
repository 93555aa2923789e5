import {
  checkOptions,
  checkRng,
  checkSizes,
  Linear,
  logSigmoid,
  Module,
  type Rng,
  sigmoid,
  type Step,
} from "@pellucid/core-train";
import { mul, neg, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { decayingSum } from "./decaying-sum.ts";
import type { MinimalState } from "./min-lstm.ts";
import type { Mixer } from "../mixer.ts";
import { positive } from "./positive.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link MinGru} and {@link MinLstm}. */
export interface MinimalRecurrentOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Applied to the candidate. Default: `x + ½` above 0, else `sigmoid(x)`, as in the paper's logarithmic form. */
  readonly activation?: (x: Tensor3D) => Tensor3D;
}

/**
 * The minimal GRU: its gate and candidate depend on the input only, so that all time steps are computed at once:
 *
 *     z = sigmoid(W_z x),   h ← (1 − z) h + z g(W_h x)
 *
 * Feng et al., 2024. Were RNNs all we needed? https://arxiv.org/abs/2410.01201 (appendix B). The decay is computed as a logarithm.
 */
export class MinGru extends Module implements Mixer<MinimalState> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly linearZ: Linear;
  readonly linearH: Linear;
  readonly #activation: (x: Tensor3D) => Tensor3D;

  constructor(inputSize: number, hiddenSize: number, options: MinimalRecurrentOptions) {
    super();
    checkRng("MinGru", options);
    checkOptions("MinGru", options, ["rng", "activation"]);
    checkSizes("MinGru", { inputSize, hiddenSize });
    const { rng, activation = positive } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.linearZ = new Linear(inputSize, hiddenSize, { rng });
    this.linearH = new Linear(inputSize, hiddenSize, { rng });
    this.#activation = activation;
  }

  initialState(batch: number): MinimalState {
    return stateOf<MinimalState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, inputSize]`
   * @returns `[batch, time, hiddenSize]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  /**
   * @param x `[batch, time, inputSize]`
   * @param state `h` `[batch, hiddenSize]` before the first time step
   * @returns the output `[batch, time, hiddenSize]`, and the state after the last time step
   */
  step(x: Tensor3D, state: MinimalState): Step<Tensor3D, MinimalState> {
    checkStep(`MinGru(${this.inputSize}, ${this.hiddenSize})`, x, this.inputSize, state, this.#stateShapes());
    return tidy(() => {
      const logit = this.linearZ.forward(x); //                            [batch, time, hiddenSize]
      const candidate = this.#activation(this.linearH.forward(x)); //      [batch, time, hiddenSize]
      const { output, state: h } = decayingSum(
        logSigmoid(neg(logit)), // log(1 − z)
        mul(sigmoid(logit), candidate),
        state.h,
      );
      return { output, state: { h } };
    });
  }

  #stateShapes(): StateShapes<MinimalState> {
    return { h: [this.hiddenSize] };
  }
}
