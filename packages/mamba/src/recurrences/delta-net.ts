import {
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  Conv1d,
  headSize,
  Linear,
  mergeHeads,
  Module,
  RMSNorm,
  type Rng,
  sigmoid,
  silu,
  splitHeads,
  type Step,
} from "@pellucid/core-train";
import { mul, type Tensor3D, type Tensor4D, tidy, transpose, zerosLike } from "@tensorflow/tfjs-core";
import { causalWindow } from "../causal-window.ts";
import { gatedDeltaRule } from "./gated-delta-rule.ts";
import type { Mixer } from "../mixer.ts";
import { unitVectors } from "./unit-vectors.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link DeltaNet}. */
export interface DeltaNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 4. */
  readonly numHeads?: number;
  /** Features of all keys, in units of `dModel`. Default: 1. */
  readonly expandK?: number;
  /** Features of all values, in units of `dModel`. Default: 1. */
  readonly expandV?: number;
  /** The width of the convolutions, in time steps. Default: 4. */
  readonly convSize?: number;
  /** Whether the output is gated. Default: false. */
  readonly useGate?: boolean;
  /** Whether β goes up to 2, so that a state can alternate its sign. Default: false. */
  readonly allowNegEigval?: boolean;
  /** Added to the mean square in the norm. Default: 1e-5. */
  readonly normEps?: number;
  /** See {@link gatedDeltaRule}. Default: 64. */
  readonly chunkSize?: number;
}

/** The state of a {@link DeltaNet}: the last inputs of each convolution, `[batch, width − 1, channel]`, and the matrix of each head. */
export type DeltaNetState = {
  readonly q: Tensor3D;
  readonly k: Tensor3D;
  readonly v: Tensor3D;
  /** `[batch, head, feature, value]` */
  readonly scan: Tensor4D;
};

/**
 * A layer whose state is corrected by the delta rule, without forgetting: see {@link gatedDeltaRule}. Short convolutions, SiLU, keys and
 * queries of length 1.
 *
 * Names and layouts are those of flash-linear-attention's `DeltaNet`, initial weights PyTorch's defaults in its order.
 *
 * Yang et al., 2024. Parallelizing linear transformers with the delta rule over sequence length. https://arxiv.org/abs/2406.06484
 */
export class DeltaNet extends Module implements Mixer<DeltaNetState> {
  readonly dModel: number;
  readonly numHeads: number;
  readonly allowNegEigval: boolean;
  readonly chunkSize: number;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly bProj: Linear;
  readonly qConv1d: Conv1d;
  readonly kConv1d: Conv1d;
  readonly vConv1d: Conv1d;
  readonly gProj: Linear | null;
  readonly oNorm: RMSNorm;
  readonly oProj: Linear;

  constructor(dModel: number, options: DeltaNetOptions) {
    super();
    const caller = "DeltaNet";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "numHeads",
      "expandK",
      "expandV",
      "convSize",
      "useGate",
      "allowNegEigval",
      "normEps",
      "chunkSize",
    ]);
    const { rng, numHeads = 4, expandK = 1, expandV = 1, convSize = 4, chunkSize = 64 } = options;
    const { useGate = false, allowNegEigval = false, normEps = 1e-5 } = options;
    checkSizes(caller, { dModel, numHeads, convSize, chunkSize });
    checkPositive(caller, { expandK, expandV, normEps });
    const keys = Math.trunc(dModel * expandK);
    const values = Math.trunc(dModel * expandV);
    checkSizes(caller, { "dModel · expandK": keys, "dModel · expandV": values });
    headSize(caller, keys, numHeads);
    const width = headSize(caller, values, numHeads);
    const project = (size: number): Linear => new Linear(dModel, size, { rng, bias: false });
    const convolve = (channels: number): Conv1d =>
      new Conv1d(channels, channels, convSize, { rng, groups: channels, bias: false });
    this.dModel = dModel;
    this.numHeads = numHeads;
    this.allowNegEigval = allowNegEigval;
    this.chunkSize = chunkSize;
    this.qProj = project(keys);
    this.kProj = project(keys);
    this.vProj = project(values);
    this.bProj = project(numHeads);
    this.qConv1d = convolve(keys);
    this.kConv1d = convolve(keys);
    this.vConv1d = convolve(values);
    this.gProj = useGate ? project(values) : null;
    this.oNorm = new RMSNorm(width, { eps: normEps });
    this.oProj = new Linear(values, dModel, { rng, bias: false });
  }

  /** The last projection, for language models. */
  get outProj(): Linear {
    return this.oProj;
  }

  initialState(batch: number): DeltaNetState {
    return stateOf<DeltaNetState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: DeltaNetState): Step<Tensor3D, DeltaNetState> {
    checkStep(`DeltaNet(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    return tidy(() => {
      const q = causalWindow(this.qConv1d, this.qProj.forward(x), state.q);
      const k = causalWindow(this.kConv1d, this.kProj.forward(x), state.k);
      const v = causalWindow(this.vConv1d, this.vProj.forward(x), state.v);
      const query = unitVectors(splitHeads(q.output, this.numHeads)); // [batch, head, time, feature]
      const beta = transpose(sigmoid(this.bProj.forward(x)), [0, 2, 1]); // [batch, head, time]
      const rule = gatedDeltaRule(
        {
          query: mul(query, query.shape[3] ** -0.5),
          key: unitVectors(splitHeads(k.output, this.numHeads)),
          value: splitHeads(v.output, this.numHeads),
          a: zerosLike(beta),
          beta: this.allowNegEigval ? mul(beta, 2) : beta,
          initial: state.scan,
        },
        { chunkSize: this.chunkSize },
      );
      const normed = this.oNorm.forward(rule.output);
      const gate = this.gProj === null ? null : silu(splitHeads(this.gProj.forward(x), this.numHeads));
      const output = this.oProj.forward(mergeHeads(gate === null ? normed : mul(normed, gate)));
      return { output, state: { q: q.state, k: k.state, v: v.state, scan: rule.state } };
    });
  }

  #stateShapes(): StateShapes<DeltaNetState> {
    const { numHeads } = this;
    const before = ({ kernelSize, inChannels }: Conv1d) => [(kernelSize[0] ?? NaN) - 1, inChannels];
    const [keys, values] = [this.kConv1d.inChannels, this.vConv1d.inChannels];
    return {
      q: before(this.qConv1d),
      k: before(this.kConv1d),
      v: before(this.vConv1d),
      scan: [numHeads, keys / numHeads, values / numHeads],
    };
  }
}
