import {
  checkShape,
  Conv1d,
  Linear,
  Module,
  type Parameter,
  type Rng,
  type Step,
  silu,
  softplus,
  type HasTorchLayout,
  type TorchLayout,
  type HostTensor,
  initialized,
  initialize,
  init,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  exp,
  mul,
  neg,
  type Rank,
  split,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { causalWindow } from "./causal-window.ts";
import type { ConvolvedState, Mixer } from "./mixer.ts";
import type { ScanSequence } from "./scan-step.ts";
import { selectiveScan } from "./selective-scan.ts";
import { checkTimeStep, timeStepBias, type TimeStepOptions } from "./time-step.ts";
import { checkStep, stateOf, type StateShapes } from "./state-shapes.ts";

/** Options for {@link Mamba}. */
export interface MambaOptions extends TimeStepOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Entries of the state of each channel. Default: 16. */
  readonly dState?: number;
  /** The width of the convolution, in time steps. Default: 4. */
  readonly dConv?: number;
  /** Channels for each feature. Default: 2. */
  readonly expand?: number;
  /** The rank of the projection to Δ. Default: a sixteenth of the features, rounded up. */
  readonly dtRank?: number;
  /** Whether the convolution has a bias. Default: true. */
  readonly convBias?: boolean;
  /** Whether the projections in and out have a bias. Default: false. */
  readonly bias?: boolean;
}

/**
 * A selective state space layer: a short convolution, a {@link selectiveScan} whose time step (Δ), input matrix (B) and output matrix
 * (C) depend on the input, and a gate.
 *
 *     x, z = in(input);  x = silu(conv(x));  Δ, B, C = proj(x);  out(scan(x, softplus(Δ), −exp(A_log), B, C) + D x) ∘ silu(z))
 *
 * Names, layouts and the distribution of the initial weights are those of `mamba_ssm.Mamba`. As there, `A_log` and `D` should
 * have no weight decay.
 *
 * Gu and Dao, 2023. https://arxiv.org/abs/2312.00752
 */
export class Mamba extends Module implements Mixer<ConvolvedState<Tensor3D>>, HasTorchLayout {
  readonly dModel: number;
  readonly dInner: number;
  readonly dState: number;
  readonly dConv: number;
  readonly dtRank: number;
  /** `[channel, state]`; `A = −exp(aLog)`. */
  readonly aLog: Parameter<Rank.R2>;
  /** `[channel]`, the skip connection around the scan. */
  readonly d: Parameter<Rank.R1>;
  readonly inProj: Linear;
  readonly conv1d: Conv1d;
  readonly xProj: Linear;
  readonly dtProj: Linear;
  readonly outProj: Linear;

  constructor(dModel: number, options: MambaOptions) {
    super();
    checkRng("Mamba", options);
    const { rng, dState = 16, dConv = 4, expand = 2, convBias = true, bias = false } = options;
    const { dtRank = Math.ceil(dModel / 16) } = options;
    const dInner = expand * dModel;
    checkSizes("Mamba", { dModel, dState, dConv, dtRank, "expand · dModel": dInner });
    checkTimeStep("Mamba", options);
    this.dModel = dModel;
    this.dInner = dInner;
    this.dState = dState;
    this.dConv = dConv;
    this.dtRank = dtRank;
    this.aLog = initialized([dInner, dState], logRates);
    this.d = initialized([dInner], init.constant(1));
    this.inProj = new Linear(dModel, 2 * dInner, { rng, bias });
    this.conv1d = new Conv1d(dInner, dInner, dConv, { rng, groups: dInner, bias: convBias });
    this.xProj = new Linear(dInner, dtRank + 2 * dState, { rng, bias: false });
    const bound = dtRank ** -0.5;
    this.dtProj = new Linear(dtRank, dInner, { rng, init: init.uniform(-bound, bound) });
    initialize(this.dtProj, "bias", timeStepBias(options), rng);
    this.outProj = new Linear(dInner, dModel, { rng, bias });
  }

  get torchLayout(): TorchLayout {
    return { aLog: { name: "A_log" }, d: { name: "D" } };
  }

  initialState(batch: number): ConvolvedState<Tensor3D> {
    return stateOf<ConvolvedState<Tensor3D>>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: ConvolvedState<Tensor3D>): Step<Tensor3D, ConvolvedState<Tensor3D>> {
    checkStep(`Mamba(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    return tidy(() => {
      const { inputs, gate, conv } = this.#scanInputs(x, state.conv);
      const scanned = selectiveScan({ ...inputs, initial: state.scan });
      const y: Tensor3D = mul(add(scanned.output, mul(inputs.u, this.d)), silu(gate)); // [batch, time, channel]
      return { output: this.outProj.forward(y), state: { conv, scan: scanned.state } };
    });
  }

  /**
   * The inputs of the scan for a sequence: for {@link hiddenAttention}.
   *
   * @param x `[batch, time, dModel]`
   */
  scanInputs(x: Tensor3D): ScanSequence {
    checkShape(`Mamba(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => this.#scanInputs(x, this.initialState(x.shape[0]).conv).inputs);
  }

  #scanInputs(x: Tensor3D, conv: Tensor3D) {
    const { dtRank, dState } = this;
    const [inner, gate] = split(this.inProj.forward(x), 2, 2) as [Tensor3D, Tensor3D];
    const { output: u, state } = causalWindow(this.conv1d, inner, conv);
    const parts = split(this.xProj.forward(u), [dtRank, dState, dState], 2) as [Tensor3D, Tensor3D, Tensor3D];
    const [dt, B, C] = parts;
    const delta = softplus(this.dtProj.forward(dt));
    const A: Tensor2D = neg(exp(this.aLog));
    return { inputs: { u, delta, A, B, C }, gate, conv: state };
  }

  #stateShapes(): StateShapes<ConvolvedState<Tensor3D>> {
    return { conv: [this.dConv - 1, this.dInner], scan: [this.dInner, this.dState] };
  }
}

/** `log A` of each channel: 1, 2, 3, … (S4D-Real). */
function logRates([channels = 0, entries = 0]: readonly number[]): HostTensor<Float32Array> {
  const data = Float32Array.from({ length: channels * entries }, (_, i) => Math.log((i % entries) + 1));
  return { data, shape: [channels, entries] };
}
