import { checkTimeStep } from "./time-step.ts";
import {
  Conv1d,
  DataError,
  Dropout1d,
  gelu,
  GLU,
  matMul,
  Module,
  type Parameter,
  type Rng,
  Sequential,
  type Step,
  type HasTorchLayout,
  type TorchLayout,
  initialized,
  init,
  checkSizes,
  checkProbabilities,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  gather,
  mul,
  type Rank,
  reshape,
  reverse,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { lowerTriangle } from "./lower-triangle.ts";
import type { Mixer } from "./mixer.ts";
import { S4dKernel, times } from "./s4d-kernel.ts";
import { checkSequence, checkStep, stateOf, type StateShapes } from "./state-shapes.ts";

/** Options for {@link S4d}. */
export interface S4dOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Entries of the state of each channel. Half of them are stored, the others are their conjugates. Default: 64. */
  readonly dState?: number;
  /** The probability that dropout zeroes a channel, at all time steps, in training. Default: 0. */
  readonly dropout?: number;
  /** The lower bound of the initial Δ. Default: 0.001. */
  readonly dtMin?: number;
  /** The upper bound of the initial Δ. Default: 0.1. */
  readonly dtMax?: number;
}

/** The complex state of an {@link S4d}, `[batch, channel, entry]` each. */
export type S4dState = { readonly re: Tensor3D; readonly im: Tensor3D };

/**
 * A time-invariant state space, the predecessor of Mamba. Since none of its parameters depends on the input, a sequence can be computed
 * by a convolution with one long kernel or by a recurrence; both give the same:
 *
 *     y[t] = Σ K[l] u[t − l] + D u[t],   out = GLU(W gelu(y))
 *
 * See {@link S4dKernel}. The convolution is taken as a triangular matrix for each channel, `O(time²)`.
 *
 * Names, layouts and initial weights are those of state-spaces/s4's `S4D`; sequences are `[batch, time, feature]`.
 *
 * @throws {DataError} If `dState` is odd.
 */
export class S4d extends Module implements Mixer<S4dState>, HasTorchLayout {
  readonly dModel: number;
  readonly dState: number;
  /** `[channel]`, the skip connection around the state. */
  readonly d: Parameter<Rank.R1>;
  readonly kernel: S4dKernel;
  readonly dropout: Dropout1d;
  readonly outputLinear: Sequential<readonly [Conv1d, GLU]>;

  constructor(dModel: number, options: S4dOptions) {
    super();
    checkRng("S4d", options);
    const { rng, dState = 64, dropout = 0, dtMin = 0.001, dtMax = 0.1 } = options;
    checkSizes("S4d", { dModel, dState });
    checkProbabilities("S4d", { dropout });
    checkTimeStep("S4d", { dtMin, dtMax });
    if (dState % 2 !== 0 || dState < 2)
      throw new DataError(
        `S4d: dState is ${dState}, expected an even number, since entries come in conjugate pairs.`,
      );
    this.dModel = dModel;
    this.dState = dState;
    this.d = initialized([dModel], init.normal(), rng);
    this.kernel = new S4dKernel(dModel, dState / 2, rng, dtMin, dtMax);
    this.dropout = new Dropout1d(dropout, { rng });
    this.outputLinear = new Sequential(new Conv1d(dModel, 2 * dModel, 1, { rng }), new GLU());
  }

  get torchLayout(): TorchLayout {
    return { d: { name: "D" } };
  }

  initialState(batch: number): S4dState {
    return stateOf<S4dState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    checkSequence(`S4d(${this.dModel})`, x, this.dModel);
    return tidy(() => this.#mix(x, this.#convolve(transpose(x, [2, 1, 0]))));
  }

  step(x: Tensor3D, initial: S4dState): Step<Tensor3D, S4dState> {
    checkStep(`S4d(${this.dModel})`, x, this.dModel, initial, this.#stateShapes());
    const [, time, channels] = x.shape;
    const entries = this.dState / 2;
    return tidy(() => {
      const u = transpose(x, [2, 1, 0]); // [channel, time, batch]
      const h = { re: transpose(initial.re, [1, 2, 0]), im: transpose(initial.im, [1, 2, 0]) }; // [channel, entry, batch]
      const powers = this.kernel.powers(time + 1); // [channel, entry, power]
      const part = (z: Tensor, from: number, count: number) =>
        slice(z, [0, 0, from], [channels, entries, count]);
      const later = { re: part(powers.re, 1, time), im: part(powers.im, 1, time) };

      // the response to the initial state
      const c = this.kernel.readout();
      const response = times({ re: expandDims(c.re, 2), im: expandDims(c.im, 2) }, later); // [channel, entry, time]
      const echo = mul(
        2,
        add(matMul(response.re, h.re, true, false), mul(-1, matMul(response.im, h.im, true, false))),
      );
      const y: Tensor3D = add(this.#convolve(u), echo); // [channel, time, batch]

      // the state decays, and each time step adds to it
      const decay = { re: part(powers.re, time, 1), im: part(powers.im, time, 1) };
      const decayed = times(decay, h);
      const written = (z: Tensor) => matMul(reverse(part(z, 0, time), 2), u);
      const after = (z: Tensor, w: Tensor): Tensor3D => transpose(add(z, written(w)), [2, 0, 1]);
      return {
        output: this.#mix(x, y),
        state: { re: after(decayed.re, powers.re), im: after(decayed.im, powers.im) },
      };
    });
  }

  /** `K * u`, `[channel, time, batch]`. */
  #convolve(u: Tensor3D): Tensor3D {
    const [channels, time] = u.shape;
    const K = this.kernel.forward(time); // [channel, time]
    const lags = Int32Array.from({ length: time * time }, (_, i) =>
      Math.max(Math.floor(i / time) - (i % time), 0),
    );
    const all: Tensor2D = gather(K, tensor1d(lags, "int32"), 1);
    const toeplitz = mul(reshape(all, [channels, time, time]), lowerTriangle(time));
    return matMul(toeplitz, u);
  }

  #mix(x: Tensor3D, y: Tensor3D): Tensor3D {
    const sum: Tensor3D = add(transpose(y, [2, 1, 0]), mul(x, this.d)); // [batch, time, channel]
    return this.outputLinear.forward(this.dropout.forward(gelu(sum)));
  }

  #stateShapes(): StateShapes<S4dState> {
    const shape = [this.dModel, this.dState / 2];
    return { re: shape, im: shape };
  }
}
