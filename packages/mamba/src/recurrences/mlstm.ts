import {
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  headSize,
  init,
  initialized,
  layerNorm,
  Linear,
  mergeHeads,
  Module,
  type Parameter,
  type Rng,
  sigmoid,
  splitHeads,
  type Step,
  tanh,
} from "@pellucid/core-train";
import {
  div,
  mul,
  ones,
  type Rank,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Mixer } from "../mixer.ts";
import { mlstmScan, type MlstmState } from "./mlstm-scan.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link MLstm}. */
export interface MLstmOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 4. */
  readonly numHeads?: number;
  /** Features of all queries, in units of `dModel`. Default: 0.5. */
  readonly qkDimFactor?: number;
  /** Features of all values, in units of `dModel`. Default: 1. */
  readonly vDimFactor?: number;
  /** The logits of the input and forget gates are bounded by this: `c tanh(x / c)`. Default: 15. */
  readonly gateSoftCap?: number;
  /** Added to the variance in the norm. Default: 1e-6. */
  readonly normEps?: number;
  /** See {@link mlstmScan}. Default: 64. */
  readonly chunkSize?: number;
}

/**
 * The layer of xLSTM 7B: an {@link mlstmScan} of projections, a norm of each head, and an output gate. Names are those of transformers'
 * `xLSTMLayer` with separate weights.
 *
 * Beck et al., 2024, https://arxiv.org/abs/2405.04517; 2025, https://arxiv.org/abs/2503.13427
 */
export class MLstm extends Module implements Mixer<MlstmState> {
  readonly dModel: number;
  readonly numHeads: number;
  readonly gateSoftCap: number;
  readonly chunkSize: number;
  readonly q: Linear;
  readonly k: Linear;
  readonly v: Linear;
  readonly ogatePreact: Linear;
  readonly igatePreact: Linear;
  readonly fgatePreact: Linear;
  readonly multiheadNorm: MultiheadNorm;
  readonly outProj: Linear;

  constructor(dModel: number, options: MLstmOptions) {
    super();
    const caller = "MLstm";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "numHeads",
      "qkDimFactor",
      "vDimFactor",
      "gateSoftCap",
      "normEps",
      "chunkSize",
    ]);
    const { rng, numHeads = 4, qkDimFactor = 0.5, vDimFactor = 1, gateSoftCap = 15 } = options;
    const { normEps = 1e-6, chunkSize = 64 } = options;
    checkSizes(caller, { dModel, numHeads, chunkSize });
    checkPositive(caller, { qkDimFactor, vDimFactor, gateSoftCap, normEps });
    const keys = Math.trunc(dModel * qkDimFactor);
    const values = Math.trunc(dModel * vDimFactor);
    checkSizes(caller, { "dModel · qkDimFactor": keys, "dModel · vDimFactor": values });
    headSize(caller, keys, numHeads);
    headSize(caller, values, numHeads);
    const project = (size: number): Linear => new Linear(dModel, size, { rng, bias: false });
    this.dModel = dModel;
    this.numHeads = numHeads;
    this.gateSoftCap = gateSoftCap;
    this.chunkSize = chunkSize;
    this.q = project(keys);
    this.k = project(keys);
    this.v = project(values);
    this.ogatePreact = project(values);
    this.igatePreact = new Linear(dModel, numHeads, { rng });
    this.fgatePreact = new Linear(dModel, numHeads, { rng });
    this.multiheadNorm = new MultiheadNorm(values, normEps);
    this.outProj = new Linear(values, dModel, { rng, bias: false });
  }

  initialState(batch: number): MlstmState {
    return stateOf<MlstmState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: MlstmState): Step<Tensor3D, MlstmState> {
    checkStep(`MLstm(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    const { numHeads, gateSoftCap: cap } = this;
    return tidy(() => {
      const capped = (logit: Tensor3D): Tensor3D => mul(tanh(div(logit, cap)), cap);
      const query = splitHeads(this.q.forward(x), numHeads); // [batch, head, time, feature]
      const { output, state: after } = mlstmScan(
        {
          query: mul(query, query.shape[3] ** -0.5),
          key: splitHeads(this.k.forward(x), numHeads),
          value: splitHeads(this.v.forward(x), numHeads),
          inputGate: transpose(capped(this.igatePreact.forward(x)), [0, 2, 1]),
          forgetGate: transpose(capped(this.fgatePreact.forward(x)), [0, 2, 1]),
          initial: state,
        },
        { chunkSize: this.chunkSize },
      );
      const gated = mul<Tensor3D>(sigmoid(this.ogatePreact.forward(x)), this.multiheadNorm.forward(output));
      return { output: this.outProj.forward(gated), state: after };
    });
  }

  #stateShapes(): StateShapes<MlstmState> {
    const { numHeads } = this;
    const [features, width] = [this.k.outFeatures / numHeads, this.v.outFeatures / numHeads];
    return { c: [numHeads, features, width], n: [numHeads, features, 1], m: [numHeads, 1, 1] };
  }
}

/** A layer norm of the features of each head, with a weight for all features. */
class MultiheadNorm extends Module {
  readonly eps: number;
  /** `[head · feature]` */
  readonly weight: Parameter<Rank.R1>;

  constructor(features: number, eps: number) {
    super();
    this.eps = eps;
    this.weight = initialized([features], init.constant(1));
  }

  /**
   * @param x `[batch, head, time, feature]`
   * @returns `[batch, time, head · feature]`
   */
  forward(x: Tensor4D): Tensor3D {
    const width = x.shape[3];
    return mul(mergeHeads(layerNorm(x, ones([width]), zeros([width]), this.eps)), this.weight);
  }
}
