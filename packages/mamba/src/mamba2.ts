import {
  checkShape,
  clamp,
  Conv1d,
  DataError,
  OptionError,
  Linear,
  Module,
  type Parameter,
  type Rng,
  type Step,
  rmsNorm,
  silu,
  softplus,
  type HasTorchLayout,
  type TorchLayout,
  type Initializer,
  initialized,
  init,
  checkNotNegative,
  checkSizes,
  checkPositive,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  exp,
  expandDims,
  mul,
  neg,
  ones,
  type Rank,
  reshape,
  split,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { causalWindow } from "./causal-window.ts";
import type { ConvolvedState, Mixer } from "./mixer.ts";
import { type DualityInputs, stateSpaceDuality } from "./state-space-duality.ts";
import { checkTimeStep, timeStepBias, type TimeStepOptions } from "./time-step.ts";
import { checkStep, stateOf, type StateShapes } from "./state-shapes.ts";

/** Options for {@link Mamba2}. */
export interface Mamba2Options extends TimeStepOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Entries of the state of each channel. Default: 128. */
  readonly dState?: number;
  /** The width of the convolution, in time steps. Default: 4. */
  readonly dConv?: number;
  /** Channels for each feature. Default: 2. */
  readonly expand?: number;
  /** Channels of a head. Default: 64. */
  readonly headDim?: number;
  /** Groups of heads that share B and C. Default: 1. */
  readonly nGroups?: number;
  /**
   * Groups of channels that the gated norm normalizes separately: `nGroups` in `mamba_ssm`, 1 in Hugging Face's transformers. With
   * `nGroups` above 1 a file does not load right under the other convention; files of transformers have `backbone.embeddings.weight`,
   * those of `mamba_ssm` `backbone.embedding.weight`. Default: `nGroups`.
   */
  readonly normGroups?: number;
  /** Added to the mean square by the gated norm. Default: 1e-5. */
  readonly normEps?: number;
  /** The bounds of the initial decay rates, `−A`. Default: 1 and 16. */
  readonly aInitRange?: readonly [number, number];
  /** The bounds of Δ. Default: 0 and ∞. */
  readonly dtLimit?: readonly [number, number];
  /** Whether the convolution has a bias. Default: true. */
  readonly convBias?: boolean;
  /** Whether the projections in and out have a bias. Default: false. */
  readonly bias?: boolean;
  /** See {@link stateSpaceDuality}: it changes the time taken, not the result. Default: 64. */
  readonly chunkSize?: number;
}

/**
 * Mamba-2: the state of each head decays at one rate, so that a sequence is computed by matrix products; see
 * {@link stateSpaceDuality}. One projection computes everything that depends on the input, and a norm follows the gate.
 *
 * Names, layouts and the distribution of the initial weights are those of `mamba_ssm.Mamba2`. As there, `A_log`, `D` and
 * `dt_bias` should have no weight decay.
 *
 * Dao and Gu, 2024. https://arxiv.org/abs/2405.21060
 *
 * @throws {DataError} If heads do not divide the channels, or groups the heads.
 */
export class Mamba2 extends Module implements Mixer<ConvolvedState<Tensor4D>>, HasTorchLayout {
  readonly dModel: number;
  readonly dInner: number;
  readonly dState: number;
  readonly dConv: number;
  readonly headDim: number;
  readonly nHeads: number;
  readonly nGroups: number;
  readonly dtLimit: readonly [number, number];
  readonly chunkSize: number;
  /** `[head]` */
  readonly dtBias: Parameter<Rank.R1>;
  /** `[head]`; `A = −exp(aLog)`. */
  readonly aLog: Parameter<Rank.R1>;
  /** `[head]`, the skip connection around the state. */
  readonly d: Parameter<Rank.R1>;
  readonly inProj: Linear;
  readonly conv1d: Conv1d;
  readonly norm: GatedRMSNorm;
  readonly outProj: Linear;

  constructor(dModel: number, options: Mamba2Options) {
    super();
    checkRng("Mamba2", options);
    const { rng, dState = 128, dConv = 4, expand = 2, headDim = 64, nGroups = 1 } = options;
    const { aInitRange = [1, 16], dtLimit = [0, Infinity], convBias = true, bias = false } = options;
    const { chunkSize = 64, normGroups = nGroups, normEps = 1e-5 } = options;
    const dInner = expand * dModel;
    const nHeads = dInner / headDim;
    checkSizes("Mamba2", {
      dModel,
      dState,
      dConv,
      headDim,
      nGroups,
      normGroups,
      chunkSize,
      "expand · dModel": dInner,
    });
    checkPositive("Mamba2", { "aInitRange[0]": aInitRange[0], "aInitRange[1]": aInitRange[1] });
    if (!(dtLimit[0] >= 0 && dtLimit[0] <= dtLimit[1]))
      throw new OptionError("Mamba2", "dtLimit", `[${dtLimit.join(", ")}]`, "two increasing numbers from 0");
    checkNotNegative("Mamba2", { normEps });
    checkTimeStep("Mamba2", options);
    if (dInner % normGroups !== 0)
      throw new OptionError("Mamba2", "normGroups", normGroups, `a divisor of the ${dInner} channels`);
    if (!Number.isInteger(nHeads) || !Number.isInteger(nHeads / nGroups))
      throw new DataError(
        `Mamba2: ${dInner} channels do not divide into heads of ${headDim} in ${nGroups} groups. Choose headDim and nGroups so that they do.`,
      );
    this.dModel = dModel;
    this.dInner = dInner;
    this.dState = dState;
    this.dConv = dConv;
    this.headDim = headDim;
    this.nHeads = nHeads;
    this.nGroups = nGroups;
    this.dtLimit = dtLimit;
    this.chunkSize = chunkSize;
    const convolved = dInner + 2 * nGroups * dState;
    this.inProj = new Linear(dModel, dInner + convolved + nHeads, { rng, bias });
    this.conv1d = new Conv1d(convolved, convolved, dConv, { rng, groups: convolved, bias: convBias });
    this.dtBias = initialized([nHeads], timeStepBias(options), rng);
    this.aLog = initialized([nHeads], logUniform(...aInitRange), rng);
    this.d = initialized([nHeads], init.constant(1));
    this.norm = new GatedRMSNorm(dInner, normGroups, { eps: normEps });
    this.outProj = new Linear(dInner, dModel, { rng, bias });
  }

  get torchLayout(): TorchLayout {
    return { aLog: { name: "A_log" }, d: { name: "D" } };
  }

  initialState(batch: number): ConvolvedState<Tensor4D> {
    return stateOf<ConvolvedState<Tensor4D>>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: ConvolvedState<Tensor4D>): Step<Tensor3D, ConvolvedState<Tensor4D>> {
    checkStep(`Mamba2(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    const [batch, time] = x.shape;
    return tidy(() => {
      const { inputs, heads, gate, conv } = this.#dualityInputs(x, state.conv);
      const dual = stateSpaceDuality({ ...inputs, initial: state.scan }, { chunkSize: this.chunkSize });
      const skip = mul(heads, expandDims(this.d, 1));
      const mixed: Tensor3D = reshape(add(dual.output, skip), [batch, time, this.dInner]);
      const output = this.outProj.forward(this.norm.forward(mixed, gate));
      return { output, state: { conv, scan: dual.state } };
    });
  }

  /**
   * The inputs of the heads for a sequence: for {@link dualAttention}.
   *
   * @param x `[batch, time, dModel]`
   */
  dualityInputs(x: Tensor3D): Pick<DualityInputs, "x" | "a" | "B" | "C"> {
    checkShape(`Mamba2(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => ({ ...this.#dualityInputs(x, this.initialState(x.shape[0]).conv).inputs }));
  }

  #dualityInputs(x: Tensor3D, conv: Tensor3D) {
    const { dInner, dState, nGroups, nHeads, headDim } = this;
    const [batch, time] = x.shape;
    const sizes = [dInner, this.conv1d.inChannels, nHeads];
    const [gate, convolved, dt] = split(this.inProj.forward(x), sizes, 2) as [Tensor3D, Tensor3D, Tensor3D];
    const { output: y, state } = causalWindow(this.conv1d, convolved, conv);
    const groups = nGroups * dState;
    const [inner, b, c] = split(y, [dInner, groups, groups], 2) as [Tensor3D, Tensor3D, Tensor3D];
    const positive: Tensor3D = softplus(add(dt, this.dtBias)); // [batch, time, head]
    const [least, most] = this.dtLimit;
    const delta = least === 0 && most === Infinity ? positive : clamp(positive, least, most);
    const heads: Tensor4D = reshape(inner, [batch, time, nHeads, headDim]);
    const inputs: Pick<DualityInputs, "x" | "a" | "B" | "C"> = {
      x: mul(heads, expandDims(delta, 3)),
      a: mul(delta, neg(exp(this.aLog))),
      B: reshape(b, [batch, time, nGroups, dState]),
      C: reshape(c, [batch, time, nGroups, dState]),
    };
    return { inputs, heads, gate, conv: state };
  }

  #stateShapes(): StateShapes<ConvolvedState<Tensor4D>> {
    return {
      conv: [this.dConv - 1, this.conv1d.inChannels],
      scan: [this.nHeads, this.headDim, this.dState],
    };
  }
}

/** `norm(x ∘ silu(gate)) ∘ weight`, where the norm divides each group of channels by its root mean square. */
export class GatedRMSNorm extends Module {
  readonly groups: number;
  readonly eps: number;
  /** `[channel]` */
  readonly weight: Parameter<Rank.R1>;

  /** @param options.eps added to the mean square. Default: 1e-5. */
  constructor(channels: number, groups: number, { eps = 1e-5 }: { readonly eps?: number } = {}) {
    super();
    checkSizes("GatedRMSNorm", { channels, groups });
    checkNotNegative("GatedRMSNorm", { eps });
    this.eps = eps;
    this.groups = groups;
    this.weight = initialized([channels], init.constant(1));
  }

  /** @param x `[batch, time, channel]`, as `gate` */
  forward(x: Tensor3D, gate: Tensor3D): Tensor3D {
    return tidy(() => {
      const gated = mul(x, silu(gate));
      const each = this.weight.size / this.groups;
      const apart = reshape(gated, [...x.shape.slice(0, 2), this.groups, each]);
      return mul<Tensor3D>(reshape(rmsNorm(apart, ones([each]), this.eps), x.shape), this.weight);
    });
  }
}

/** The logarithms of uniform numbers in [`low`, `high`). */
function logUniform(low: number, high: number): Initializer {
  return (shape, rng) => ({ data: rng.uniform(shape, low, high).data.map(Math.log), shape });
}
