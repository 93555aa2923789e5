import {
  checkShape,
  Conv1d,
  Linear,
  Module,
  type Parameter,
  type Rng,
  silu,
  softplus,
  type StoredByTorch,
  type TorchLayout,
  uniform,
  type HostTensor,
  initialized,
  initialize,
  constant,
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
  zeros,
} from "@tensorflow/tfjs-core";
import { causalWindow } from "./causal-window.ts";
import type { Advanced, ConvolvedState, Mixer } from "./mixer.ts";
import type { ScanSequence } from "./scan-step.ts";
import { selectiveScan } from "./selective-scan.ts";
import { timeStepBias, type TimeStepOptions } from "./time-step.ts";

/** Options of a {@link Mamba}. */
export interface MambaOptions extends TimeStepOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** Entries of each channel's state. Default: 16. */
  readonly dState?: number;
  /** How many moments the convolution sees. Default: 4. */
  readonly dConv?: number;
  /** Channels for each feature. Default: 2. */
  readonly expand?: number;
  /** Features from which Δ is made. Default: a sixteenth of the features, rounded up. */
  readonly dtRank?: number;
  /** Whether the convolution has a bias. Default: true. */
  readonly convBias?: boolean;
  /** Whether the projections in and out have a bias. Default: false. */
  readonly bias?: boolean;
}

/**
 * A selective state space: a gated convolution whose memory is a {@link selectiveScan}, in which the input decides for how long
 * a moment counts (Δ), what it writes (B) and what is read (C).
 *
 *     x, z = in(input);  x = silu(conv(x));  Δ, B, C = proj(x);  out(scan(x, softplus(Δ), −exp(A_log), B, C) + D x) ∘ silu(z))
 *
 * Names, layouts and the distribution of the first weights are those of `mamba_ssm.Mamba`. Like there, `A_log` and `D` should
 * have no weight decay.
 *
 * Gu and Dao, 2023. https://arxiv.org/abs/2312.00752
 */
export class Mamba extends Module implements Mixer<ConvolvedState>, StoredByTorch {
  readonly dModel: number;
  readonly dInner: number;
  readonly dState: number;
  readonly dConv: number;
  readonly dtRank: number;
  /** `[channel, state]`; `A = −exp(aLog)`. */
  readonly aLog: Parameter<Rank.R2>;
  /** `[channel]`, what goes past the state. */
  readonly d: Parameter<Rank.R1>;
  readonly inProj: Linear;
  readonly conv1d: Conv1d;
  readonly xProj: Linear;
  readonly dtProj: Linear;
  readonly outProj: Linear;

  constructor(dModel: number, options: MambaOptions) {
    super();
    const { rng, dState = 16, dConv = 4, expand = 2, convBias = true, bias = false } = options;
    const { dtRank = Math.ceil(dModel / 16) } = options;
    const dInner = expand * dModel;
    this.dModel = dModel;
    this.dInner = dInner;
    this.dState = dState;
    this.dConv = dConv;
    this.dtRank = dtRank;
    this.aLog = initialized([dInner, dState], logRates);
    this.d = initialized([dInner], constant(1));
    this.inProj = new Linear(dModel, 2 * dInner, { rng, bias });
    this.conv1d = new Conv1d(dInner, dInner, dConv, { rng, groups: dInner, bias: convBias });
    this.xProj = new Linear(dInner, dtRank + 2 * dState, { rng, bias: false });
    const bound = dtRank ** -0.5;
    this.dtProj = new Linear(dtRank, dInner, { rng, init: uniform(-bound, bound) });
    initialize(this.dtProj, "bias", timeStepBias(options), rng);
    this.outProj = new Linear(dInner, dModel, { rng, bias });
  }

  get torchLayout(): TorchLayout {
    return { aLog: { name: "A_log" }, d: { name: "D" } };
  }

  initialState(batch: number): ConvolvedState {
    return {
      conv: zeros<Rank.R3>([batch, this.dConv - 1, this.dInner]),
      scan: zeros<Rank.R3>([batch, this.dInner, this.dState]),
    };
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.advance(x, this.initialState(x.shape[0])).y);
  }

  advance(x: Tensor3D, state: ConvolvedState): Advanced<ConvolvedState> {
    checkShape(`Mamba(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => {
      const { inputs, gate, before } = this.#scanInputs(x, state.conv);
      const scanned = selectiveScan({ ...inputs, initial: state.scan as Tensor3D });
      const y = mul(add(scanned.y, mul(inputs.u, this.d)), silu(gate)); // [batch, time, channel]
      return { y: this.outProj.forward(y) as Tensor3D, state: { conv: before, scan: scanned.state } };
    });
  }

  /**
   * What the scan reads of a sequence: for {@link hiddenAttention}.
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
    const { y: u, before } = causalWindow(this.conv1d, conv, inner);
    const parts = split(this.xProj.forward(u), [dtRank, dState, dState], 2) as [Tensor3D, Tensor3D, Tensor3D];
    const [dt, B, C] = parts;
    const delta = softplus(this.dtProj.forward(dt));
    const A = neg(exp(this.aLog)) as Tensor2D;
    return { inputs: { u, delta, A, B, C }, gate, before };
  }
}

/** `log A` of each channel: 1, 2, 3, … (S4D-Real). */
function logRates([channels = 0, entries = 0]: readonly number[]): HostTensor<Float32Array> {
  const data = Float32Array.from({ length: channels * entries }, (_, i) => Math.log((i % entries) + 1));
  return { data, shape: [channels, entries] };
}
