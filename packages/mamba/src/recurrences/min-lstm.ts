import {
  checkOptions,
  checkRng,
  checkSizes,
  Linear,
  logSigmoid,
  Module,
  sigmoid,
  type Step,
} from "@pellucid/core-train";
import { mul, neg, sub, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { decayingSum } from "./decaying-sum.ts";
import type { MinimalRecurrentOptions } from "./min-gru.ts";
import type { Mixer } from "../mixer.ts";
import { positive } from "./positive.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** The state of a {@link MinGru} or {@link MinLstm}. */
export type MinimalState = {
  /** `[batch, hiddenSize]` */
  readonly h: Tensor2D;
};

/**
 * The minimal LSTM: its gates and candidate depend on the input only, and forgetting and reading are shares of one:
 *
 *     f = sigmoid(W_f x),   i = sigmoid(W_i x),   h ← (f h + i g(W_h x)) / (f + i)
 *
 * Feng et al., 2024. Were RNNs all we needed? https://arxiv.org/abs/2410.01201 (appendix B). The decay is computed as a logarithm.
 */
export class MinLstm extends Module implements Mixer<MinimalState> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly linearF: Linear;
  readonly linearI: Linear;
  readonly linearH: Linear;
  readonly #activation: (x: Tensor3D) => Tensor3D;

  constructor(inputSize: number, hiddenSize: number, options: MinimalRecurrentOptions) {
    super();
    checkRng("MinLstm", options);
    checkOptions("MinLstm", options, ["rng", "activation"]);
    checkSizes("MinLstm", { inputSize, hiddenSize });
    const { rng, activation = positive } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.linearF = new Linear(inputSize, hiddenSize, { rng });
    this.linearI = new Linear(inputSize, hiddenSize, { rng });
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

  step(x: Tensor3D, state: MinimalState): Step<Tensor3D, MinimalState> {
    checkStep(
      `MinLstm(${this.inputSize}, ${this.hiddenSize})`,
      x,
      this.inputSize,
      state,
      this.#stateShapes(),
    );
    return tidy(() => {
      const forget = logSigmoid(this.linearF.forward(x));
      const input = logSigmoid(this.linearI.forward(x));
      const odds = sub<Tensor3D>(forget, input); // log(f / i)
      const read = sigmoid(neg(odds)); // i / (f + i)
      const candidate = this.#activation(this.linearH.forward(x));
      const { output, state: h } = decayingSum(logSigmoid(odds), mul(read, candidate), state.h);
      return { output, state: { h } };
    });
  }

  #stateShapes(): StateShapes<MinimalState> {
    return { h: [this.hiddenSize] };
  }
}
