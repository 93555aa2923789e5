import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  dropout,
  isTraining,
  type Rng,
} from "@pellucid/core-train";
import { add, mul, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link APPNP}. */
export interface APPNPOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
  /** Which part of the edges is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether nodes without a self-loop get one. Default: true. */
  readonly addSelfLoops?: boolean;
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
}

/**
 * Personalized PageRank of features: `K` times `x ← (1 - α) A x + α x₀`, with the normalized edges of {@link GCNConv}. It has no weights.
 *
 * Gasteiger et al., 2019. Predict then propagate. https://arxiv.org/abs/1810.05997
 *
 * As in PyG 2.8, an edge that is dropped in one step stays dropped in the next ones, and what is left grows with each; in the paper each
 * step drops for itself.
 */
export class APPNP extends MessagePassing {
  readonly K: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly addSelfLoops: boolean;
  readonly normalize: boolean;
  readonly rng: Rng;

  constructor(K: number, alpha: number, options: APPNPOptions) {
    super();
    checkRng("APPNP", options);
    checkOptions("APPNP", options, ["rng", "dropout", "addSelfLoops", "normalize"]);
    const { rng, dropout: p = 0, addSelfLoops = true, normalize = true } = options;
    checkSizes("APPNP", { K });
    checkProbabilities("APPNP", { alpha, dropout: p });
    this.K = K;
    this.alpha = alpha;
    this.dropout = p;
    this.addSelfLoops = addSelfLoops;
    this.normalize = normalize;
    this.rng = rng;
  }

  /** @returns the shape of `x` */
  forward(graph: ConvGraph): Tensor2D {
    const { K, alpha, rng, messages } = this;
    const { source, edges: given, size } = endsOf(`APPNP(${K}, ${alpha})`, graph, graph.x.shape[1]);
    const drops = isTraining(this) && this.dropout > 0;
    return tidy(() => {
      const normal = this.normalize ? gcnNorm(given, graph.edgeWeight, size, this) : null;
      const edges = normal?.edges ?? given;
      let weight = normal?.weight ?? (graph.edgeWeight === undefined ? null : column(graph.edgeWeight));
      let x = source;
      for (let step = 0; step < K; step++) {
        if (drops && weight !== null) weight = dropout(weight, this.dropout, { rng });
        x = add(mul(sendSum(x, weight, edges, size, messages), 1 - alpha), mul(source, alpha)) as Tensor2D;
      }
      return x;
    });
  }
}
