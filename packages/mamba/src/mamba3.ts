import {
  clamp,
  cumsum,
  DataError,
  Linear,
  Module,
  type Parameter,
  RMSNorm,
  type Rng,
  type Step,
  sigmoid,
  silu,
  softplus,
  type HasTorchLayout,
  tanh,
  type TorchLayout,
  initialized,
  init,
  checkSizes,
  checkNotNegative,
  checkChoice,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  div,
  expandDims,
  floor,
  mul,
  neg,
  type Rank,
  reshape,
  slice,
  split,
  sub,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";
import { heavyTail } from "./heavy-tail.ts";
import type { Mixer } from "./mixer.ts";
import { rotatePairs } from "./rotate-pairs.ts";
import { checkTimeStep, timeStepBias, type TimeStepOptions } from "./time-step.ts";
import { trapezoidalScan, type TrapezoidalState } from "./trapezoidal-scan.ts";
import { checkStep, stateOf, type StateShapes } from "./state-shapes.ts";

/** Options for {@link Mamba3}. */
export interface Mamba3Options extends TimeStepOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Entries of the state of each channel. Default: 128. */
  readonly dState?: number;
  /** Channels for each feature. Default: 2. */
  readonly expand?: number;
  /** Channels of a head. Default: 64. */
  readonly headDim?: number;
  /** Groups of heads that share B and C, up to a bias. Default: 1. */
  readonly nGroups?: number;
  /** The fraction of the state that is rotated. Default: 0.5. */
  readonly ropeFraction?: 0.5 | 1;
  /** The lowest decay rate. Default: 1e-4. */
  readonly aFloor?: number;
  /** Maps the projection to positive decay rates. Checkpoints from before the summer of 2026 use `softplus`. Default: {@link heavyTail}. */
  readonly decay?: (x: Tensor3D) => Tensor3D;
  /** Whether each head is normalized before the gate. Default: false. */
  readonly outProjNorm?: boolean;
  /** See {@link stateSpaceDuality}: it changes the time taken, not the result. Default: 64. */
  readonly chunkSize?: number;
}

/** The state of {@link Mamba3}. */
export type Mamba3State = TrapezoidalState & {
  /** The rotation of each pair of entries of the state, from 0 to 2π, `[batch, head, pair]`. */
  readonly angle: Tensor3D;
};

/**
 * Mamba-3, with one input and one output per channel. The trapezoidal rule replaces the short convolution
 * ({@link trapezoidalScan}), and part of the state is rotated by angles that depend on the input, so that it can count
 * ({@link rotatePairs}): `angle[t] = angle[t−1] + π tanh(θ[t]) Δ[t]`.
 *
 * Names, layouts and the distribution of the initial weights are those of `mamba_ssm.Mamba3` with `is_mimo=False`; `B_bias` and
 * `C_bias` keep its axis of rank 1. As there, `D` and `dt_bias` should have no weight decay.
 *
 * Lahoti et al., 2026. https://arxiv.org/abs/2603.15569
 *
 * @throws {DataError} If heads do not divide the channels, groups the heads, or fewer than two entries are rotated.
 */
export class Mamba3 extends Module implements Mixer<Mamba3State>, HasTorchLayout {
  readonly dModel: number;
  readonly dInner: number;
  readonly dState: number;
  readonly headDim: number;
  readonly nHeads: number;
  readonly nGroups: number;
  readonly pairs: number;
  readonly aFloor: number;
  readonly decay: (x: Tensor3D) => Tensor3D;
  readonly chunkSize: number;
  readonly inProj: Linear;
  /** `[head]` */
  readonly dtBias: Parameter<Rank.R1>;
  /** `[head, 1, state]` */
  readonly bBias: Parameter<Rank.R3>;
  /** `[head, 1, state]` */
  readonly cBias: Parameter<Rank.R3>;
  readonly bNorm: RMSNorm;
  readonly cNorm: RMSNorm;
  /** `[head]`, the skip connection around the state. */
  readonly d: Parameter<Rank.R1>;
  readonly norm: HeadNorm | null;
  readonly outProj: Linear;

  constructor(dModel: number, options: Mamba3Options) {
    super();
    checkRng("Mamba3", options);
    const { rng, dState = 128, expand = 2, headDim = 64, nGroups = 1, ropeFraction = 0.5 } = options;
    const { aFloor = 1e-4, decay = heavyTail, outProjNorm = false, chunkSize = 64 } = options;
    const dInner = expand * dModel;
    const nHeads = dInner / headDim;
    checkSizes("Mamba3", { dModel, dState, headDim, nGroups, chunkSize, "expand · dModel": dInner });
    checkChoice("Mamba3", "ropeFraction", ropeFraction, [0.5, 1]);
    checkNotNegative("Mamba3", { aFloor });
    checkTimeStep("Mamba3", options);
    const pairs = Math.floor(Math.floor(dState * ropeFraction) / 2);
    if (!Number.isInteger(nHeads) || !Number.isInteger(nHeads / nGroups))
      throw new DataError(
        `Mamba3: ${dInner} channels do not divide into heads of ${headDim} in ${nGroups} groups. Choose headDim and nGroups so that they do.`,
      );
    if (pairs === 0)
      throw new DataError(
        `Mamba3: of a state of ${dState} entries no pair is rotated at ropeFraction ${ropeFraction}, expected a dState of ${2 / ropeFraction} or more.`,
      );
    this.dModel = dModel;
    this.dInner = dInner;
    this.dState = dState;
    this.headDim = headDim;
    this.nHeads = nHeads;
    this.nGroups = nGroups;
    this.pairs = pairs;
    this.aFloor = aFloor;
    this.decay = decay;
    this.chunkSize = chunkSize;
    this.inProj = new Linear(dModel, 2 * dInner + 2 * nGroups * dState + 3 * nHeads + pairs, {
      rng,
      bias: false,
    });
    this.dtBias = initialized([nHeads], timeStepBias(options), rng);
    this.bBias = initialized([nHeads, 1, dState], init.constant(1));
    this.cBias = initialized([nHeads, 1, dState], init.constant(1));
    this.bNorm = new RMSNorm(dState, { eps: 1e-5 });
    this.cNorm = new RMSNorm(dState, { eps: 1e-5 });
    this.d = initialized([nHeads], init.constant(1));
    this.norm = outProjNorm ? new HeadNorm(nHeads, headDim) : null;
    this.outProj = new Linear(dInner, dModel, { rng, bias: false });
  }

  get torchLayout(): TorchLayout {
    return {
      bBias: { name: "B_bias" },
      cBias: { name: "C_bias" },
      bNorm: { name: "B_norm" },
      cNorm: { name: "C_norm" },
      d: { name: "D" },
    };
  }

  initialState(batch: number): Mamba3State {
    return stateOf<Mamba3State>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(u: Tensor3D, initial: Mamba3State): Step<Tensor3D, Mamba3State> {
    checkStep(`Mamba3(${this.dModel})`, u, this.dModel, initial, this.#stateShapes());
    const { dInner, dState, nGroups, nHeads, headDim, pairs } = this;
    const [batch, time] = u.shape;
    const groups = nGroups * dState;
    return tidy(() => {
      const sizes = [dInner, dInner, groups, groups, nHeads, nHeads, nHeads, pairs];
      const parts = split(this.inProj.forward(u), sizes, 2) as Eight<Tensor3D>;
      const [z, inner, b, c, dt, rate, trap, angle] = parts;
      const x: Tensor4D = reshape(inner, [batch, time, nHeads, headDim]);
      const delta = softplus(add<Tensor3D>(dt, this.dtBias)); // [batch, time, head]
      const a = mul<Tensor3D>(delta, neg(clamp(this.decay(rate), this.aFloor, Infinity)));
      const rotations = mul(expandDims(mul(tanh(angle), Math.PI), 2), expandDims(delta, 3)); // [batch, time, head, pair]
      const angles = moduloTwoPi(add(cumsum(rotations, 1), expandDims(initial.angle, 1)));
      const B = rotatePairs(add<Tensor4D>(this.#perHead(this.bNorm, b), flat(this.bBias)), angles);
      const C = rotatePairs(add<Tensor4D>(this.#perHead(this.cNorm, c), flat(this.cBias)), angles);
      const scanned = trapezoidalScan(
        { x, a, delta, trap: sigmoid(trap), B, C, initial },
        { chunkSize: this.chunkSize },
      );
      const mixed = add<Tensor4D>(scanned.output, mul(x, expandDims(this.d, 1))); // [batch, time, head, channel]
      const normalized = this.norm === null ? mixed : this.norm.forward(mixed);
      const y = mul<Tensor3D>(reshape(normalized, [batch, time, dInner]), silu(z));
      const last = slice(angles, [0, time - 1, 0, 0], [batch, 1, nHeads, pairs]);
      return {
        output: this.outProj.forward(y),
        state: { ...scanned.state, angle: reshape<Rank.R3>(last, [batch, nHeads, pairs]) },
      };
    });
  }

  /** Normalizes B or C of each group and repeats it for its heads: `[batch, time, group · state]` → `[batch, time, head, state]`. */
  #perHead(norm: RMSNorm, x: Tensor3D): Tensor4D {
    const { nGroups, nHeads, dState } = this;
    const [batch, time] = x.shape;
    const apart = norm.forward(reshape(x, [batch, time, nGroups, 1, dState]));
    return reshape(tile(apart, [1, 1, 1, nHeads / nGroups, 1]), [batch, time, nHeads, dState]);
  }

  #stateShapes(): StateShapes<Mamba3State> {
    const { nHeads, headDim, dState, pairs } = this;
    return {
      scan: [nHeads, headDim, dState],
      x: [nHeads, headDim],
      B: [nHeads, dState],
      angle: [nHeads, pairs],
    };
  }
}

/** `norm(x) ∘ weight`, where the norm divides each head by its root mean square. */
class HeadNorm extends Module {
  /** `[head · channel]` */
  readonly weight: Parameter<Rank.R1>;
  readonly headDim: number;

  constructor(heads: number, headDim: number) {
    super();
    this.headDim = headDim;
    this.weight = initialized([heads * headDim], init.constant(1));
  }

  /** @param x `[batch, time, head, channel]` */
  forward(x: Tensor4D): Tensor4D {
    const [, , heads, channels] = x.shape;
    return tidy(() => {
      const square = new RMSNorm(channels, { eps: 1e-5, elementwiseAffine: false });
      return mul(square.forward(x), reshape<Rank.R2>(this.weight, [heads, channels]));
    });
  }
}

type Eight<T> = [T, T, T, T, T, T, T, T];

/** `[head, 1, state]` → `[head, state]` */
const flat = (bias: Tensor3D): Tensor => reshape(bias, [bias.shape[0], bias.shape[2]]);

/** The same angles from 0 to 2π, so that they stay precise over a long text. */
function moduloTwoPi(angles: Tensor4D): Tensor4D {
  const turn = 2 * Math.PI;
  return sub(angles, mul(floor(div(angles, turn)), turn));
}
