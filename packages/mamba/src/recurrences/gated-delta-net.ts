import {
  checkPositive,
  checkOptions,
  checkRng,
  checkSizes,
  Conv1d,
  type HasTorchLayout,
  type HostTensor,
  init,
  initialized,
  Linear,
  Module,
  OptionError,
  type Parameter,
  RMSNorm,
  type Rng,
  sigmoid,
  silu,
  softplus,
  splitHeads,
  mergeHeads,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  mul,
  neg,
  type Rank,
  reshape,
  split,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  transpose,
} from "@tensorflow/tfjs-core";
import { causalWindow } from "../causal-window.ts";
import { gatedDeltaRule } from "./gated-delta-rule.ts";
import type { ConvolvedState, Mixer } from "../mixer.ts";
import { unitVectors } from "./unit-vectors.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link GatedDeltaNet}. */
export interface GatedDeltaNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Heads of queries and keys. Default: 4. */
  readonly numKHeads?: number;
  /** Heads of values, a multiple of `numKHeads`. Default: `numKHeads`. */
  readonly numVHeads?: number;
  /** Features of a key. Default: `dModel / numKHeads`. */
  readonly headKDim?: number;
  /** Features of a value. Default: `headKDim`. */
  readonly headVDim?: number;
  /** The width of the convolution, in time steps. Default: 4. */
  readonly dConv?: number;
  /** Added to the mean square in the norm. Default: 1e-6. */
  readonly eps?: number;
  /** See {@link gatedDeltaRule}. Default: 64. */
  readonly chunkSize?: number;
}

/**
 * A layer whose state forgets and is corrected by the {@link gatedDeltaRule}: a short convolution, keys and queries of length 1, a decay
 * `exp(−e^A softplus(a + dt))`, and a gated norm.
 *
 * Names, layouts and initial weights are those of transformers' `Qwen3NextGatedDeltaNet` as it is constructed.
 *
 * Yang, Kautz and Hatamizadeh, 2024. Gated delta networks. https://arxiv.org/abs/2412.06464
 *
 * @throws {OptionError} If the heads do not divide.
 */
export class GatedDeltaNet extends Module implements Mixer<ConvolvedState<Tensor4D>>, HasTorchLayout {
  readonly dModel: number;
  readonly numKHeads: number;
  readonly numVHeads: number;
  readonly headKDim: number;
  readonly headVDim: number;
  readonly chunkSize: number;
  /** `[value head]` */
  readonly dtBias: Parameter<Rank.R1>;
  /** `[value head]` */
  readonly aLog: Parameter<Rank.R1>;
  readonly conv1d: Conv1d;
  /** Query, key, value and gate, by head of the keys. */
  readonly inProjQkvz: Linear;
  /** β and the decay, by head of the keys. */
  readonly inProjBa: Linear;
  readonly norm: RMSNorm;
  readonly outProj: Linear;

  constructor(dModel: number, options: GatedDeltaNetOptions) {
    super();
    const caller = "GatedDeltaNet";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "numKHeads",
      "numVHeads",
      "headKDim",
      "headVDim",
      "dConv",
      "eps",
      "chunkSize",
    ]);
    const { rng, numKHeads = 4, numVHeads = numKHeads, headKDim = dModel / numKHeads } = options;
    const { headVDim = headKDim, dConv = 4, eps = 1e-6, chunkSize = 64 } = options;
    checkSizes(caller, { dModel, numKHeads, numVHeads, headKDim, headVDim, dConv, chunkSize });
    checkPositive(caller, { eps });
    if (numVHeads % numKHeads !== 0)
      throw new OptionError(caller, "numVHeads", numVHeads, `a multiple of numKHeads (${numKHeads})`);
    const keys = numKHeads * headKDim;
    const values = numVHeads * headVDim;
    const channels = 2 * keys + values;
    this.dModel = dModel;
    this.numKHeads = numKHeads;
    this.numVHeads = numVHeads;
    this.headKDim = headKDim;
    this.headVDim = headVDim;
    this.chunkSize = chunkSize;
    this.conv1d = new Conv1d(channels, channels, dConv, { rng, groups: channels, bias: false });
    this.inProjQkvz = new Linear(dModel, 2 * keys + 2 * values, { rng, bias: false });
    this.inProjBa = new Linear(dModel, 2 * numVHeads, { rng, bias: false });
    this.dtBias = initialized([numVHeads], init.constant(1));
    this.aLog = initialized([numVHeads], logUniform, rng);
    this.norm = new RMSNorm(headVDim, { eps });
    this.outProj = new Linear(values, dModel, { rng, bias: false });
  }

  get torchLayout(): TorchLayout {
    return { aLog: { name: "A_log" } };
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
    checkStep(`GatedDeltaNet(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    const { numKHeads, numVHeads, headKDim, headVDim } = this;
    return tidy(() => {
      const perKey = numVHeads / numKHeads;
      const widths = [headKDim, headKDim, perKey * headVDim, perKey * headVDim];
      const [q, k, v, z] = this.#byHead(this.inProjQkvz.forward(x), widths);
      const [b, decay] = this.#byHead(this.inProjBa.forward(x), [perKey, perKey]);
      const window = causalWindow(this.conv1d, concat([q, k, v] as Tensor3D[], 2), state.conv);
      const sizes = [numKHeads * headKDim, numKHeads * headKDim, numVHeads * headVDim];
      const [query, key, value] = split(window.output, sizes, 2) as [Tensor3D, Tensor3D, Tensor3D];
      const vectors = (features: Tensor3D): Tensor4D =>
        // [batch, value head, time, feature]
        repeatHeads(unitVectors(splitHeads(features, numKHeads)), perKey);
      const rate = neg(exp(this.aLog)); // [value head]
      const { output, state: scan } = gatedDeltaRule(
        {
          query: mul(vectors(query), headKDim ** -0.5),
          key: vectors(key),
          value: splitHeads(value, numVHeads),
          a: transpose(mul<Tensor3D>(softplus(add(decay as Tensor3D, this.dtBias)), rate), [0, 2, 1]),
          beta: transpose(sigmoid(b as Tensor3D), [0, 2, 1]),
          initial: state.scan,
        },
        { chunkSize: this.chunkSize },
      );
      const gate = silu(splitHeads(z as Tensor3D, numVHeads));
      const gated = mergeHeads(mul(this.norm.forward(output), gate));
      return { output: this.outProj.forward(gated), state: { conv: window.state, scan } };
    });
  }

  /** Splits a projection that has all parts of a head of the keys side by side: each part `[batch, time, head · width]`. */
  #byHead(projected: Tensor3D, widths: readonly number[]): Tensor3D[] {
    const [batch, time, size] = projected.shape;
    const heads = reshape(projected, [batch, time, this.numKHeads, size / this.numKHeads]);
    return split(heads, [...widths], 3).map((part) => reshape(part, [batch, time, -1]));
  }

  #stateShapes(): StateShapes<ConvolvedState<Tensor4D>> {
    const { kernelSize, inChannels } = this.conv1d;
    return {
      conv: [(kernelSize[0] ?? NaN) - 1, inChannels],
      scan: [this.numVHeads, this.headKDim, this.headVDim],
    };
  }
}

/** Each head `count` times, one after the other: `[batch, head, …]` to `[batch, head · count, …]`. */
function repeatHeads(x: Tensor4D, count: number): Tensor4D {
  if (count === 1) return x;
  const [batch, heads, time, features] = x.shape;
  const apart: Tensor = reshape(x, [batch, heads, 1, time, features]);
  return reshape(tile(apart, [1, 1, count, 1, 1]), [batch, heads * count, time, features]);
}

/** The logarithm of numbers between 0.01 and 16. */
function logUniform(shape: readonly number[], rng: Rng): HostTensor<Float32Array> {
  const { data } = rng.uniform(shape, 0.01, 16);
  return { data: data.map(Math.log), shape };
}
