import {
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  type HasTorchLayout,
  headSize,
  type Layer,
  Linear,
  logSigmoid,
  mergeHeads,
  Module,
  RMSNorm,
  type Rng,
  Sequential,
  silu,
  splitHeads,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import { div, mul, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { gatedLinearAttention } from "./gated-linear-attention.ts";
import type { Mixer } from "../mixer.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link Gla}. */
export interface GlaOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 4. */
  readonly numHeads?: number;
  /** Features of all keys, in units of `dModel`. Default: 0.5. */
  readonly expandK?: number;
  /** Features of all values, in units of `dModel`. Default: 1. */
  readonly expandV?: number;
  /** Features between the two projections of the decay. Default: 16. */
  readonly gateLowRankDim?: number;
  /** The logarithm of the decay is divided by this. Default: 16. */
  readonly gateLogitNormalizer?: number;
  /** Added to the mean square in the norm. Default: 1e-5. */
  readonly normEps?: number;
  /** See {@link gatedLinearAttention}. Default: 16. */
  readonly chunkSize?: number;
}

/** The state of a {@link Gla}: the matrix of each head, `[batch, head, feature, value]`. */
export type GlaState = { readonly scan: Tensor4D };

/**
 * {@link gatedLinearAttention} as a layer, with a gated norm. Names and layouts are those of flash-linear-attention's
 * `GatedLinearAttention`, initial weights PyTorch's defaults in its order.
 *
 * Yang et al., 2023. https://arxiv.org/abs/2312.06635
 */
export class Gla extends Module implements Mixer<GlaState>, HasTorchLayout {
  readonly dModel: number;
  readonly numHeads: number;
  readonly gateLogitNormalizer: number;
  readonly chunkSize: number;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly gProj: Linear;
  readonly gkProj: Sequential<[Linear, Linear]>;
  readonly oProj: Linear;
  readonly gNorm: RMSNorm;

  constructor(dModel: number, options: GlaOptions) {
    super();
    const caller = "Gla";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "numHeads",
      "expandK",
      "expandV",
      "gateLowRankDim",
      "gateLogitNormalizer",
      "normEps",
      "chunkSize",
    ]);
    const { rng, numHeads = 4, expandK = 0.5, expandV = 1, gateLowRankDim = 16 } = options;
    const { gateLogitNormalizer = 16, normEps = 1e-5, chunkSize = 16 } = options;
    checkSizes(caller, { dModel, numHeads, gateLowRankDim, chunkSize });
    checkPositive(caller, { expandK, expandV, gateLogitNormalizer, normEps });
    const keys = Math.trunc(dModel * expandK);
    const values = Math.trunc(dModel * expandV);
    checkSizes(caller, { "dModel · expandK": keys, "dModel · expandV": values });
    headSize(caller, keys, numHeads);
    const width = headSize(caller, values, numHeads);
    const project = (size: number): Linear => new Linear(dModel, size, { rng, bias: false });
    this.dModel = dModel;
    this.numHeads = numHeads;
    this.gateLogitNormalizer = gateLogitNormalizer;
    this.chunkSize = chunkSize;
    this.qProj = project(keys);
    this.kProj = project(keys);
    this.vProj = project(values);
    this.gProj = project(values);
    this.gkProj = new Sequential(project(gateLowRankDim), new Linear(gateLowRankDim, keys, { rng }));
    this.oProj = new Linear(values, dModel, { rng, bias: false });
    this.gNorm = new RMSNorm(width, { eps: normEps });
  }

  get torchLayout(): TorchLayout {
    return { gNorm: { name: "g_norm_swish_gate", aliases: ["g_norm"] } };
  }

  /** The last projection, for language models. */
  get outProj(): Linear {
    return this.oProj;
  }

  initialState(batch: number): GlaState {
    return stateOf<GlaState>(batch, this.#stateShapes());
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: GlaState): Step<Tensor3D, GlaState> {
    checkStep(`Gla(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    return tidy(() => {
      const heads = (layer: Layer<Tensor3D, Tensor3D>): Tensor4D =>
        splitHeads(layer.forward(x), this.numHeads); // [batch, head, time, feature]
      const query = heads(this.qProj);
      const { output, state: scan } = gatedLinearAttention(
        {
          query: mul(query, query.shape[3] ** -0.5),
          key: heads(this.kProj),
          value: heads(this.vProj),
          a: div(logSigmoid(heads(this.gkProj)), this.gateLogitNormalizer),
          initial: state.scan,
        },
        { chunkSize: this.chunkSize },
      );
      const gated = mul<Tensor4D>(this.gNorm.forward(output), silu(heads(this.gProj)));
      return { output: this.oProj.forward(mergeHeads(gated)), state: { scan } };
    });
  }

  #stateShapes(): StateShapes<GlaState> {
    const { numHeads } = this;
    return { scan: [numHeads, this.kProj.outFeatures / numHeads, this.vProj.outFeatures / numHeads] };
  }
}
