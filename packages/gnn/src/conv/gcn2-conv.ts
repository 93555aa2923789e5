import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  initialized,
  OptionError,
  type Parameter,
  type Rng,
  matMul,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot } from "../redraw.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link GCN2Conv}. */
export interface GCN2ConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** With `layer`: the weight counts as `β = log(θ / layer + 1)`. Default: `β` is 1. */
  readonly theta?: number;
  /** Which layer it is, from 1. */
  readonly layer?: number;
  /** Whether the first features share the weight. Default: true. */
  readonly sharedWeights?: boolean;
  /** Whether nodes without a self-loop get one. Default: true. */
  readonly addSelfLoops?: boolean;
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
}

/** What {@link GCN2Conv} takes. */
export interface Gcn2Graph extends ConvGraph {
  /** The features before the first layer, of the shape of `x`. */
  readonly x0: Tensor2D;
}

/**
 * GCNII: `((1 - α) A X + α X₀) ((1 - β) I + β W)`, which stays apart from its neighbours over many layers.
 *
 * Chen et al., 2020. Simple and deep graph convolutional networks. https://arxiv.org/abs/2007.02133
 */
export class GCN2Conv extends MessagePassing<Gcn2Graph> {
  readonly channels: number;
  readonly alpha: number;
  readonly beta: number;
  readonly addSelfLoops: boolean;
  readonly normalize: boolean;
  /** `[channel, channel]` */
  readonly weight1: Parameter<Rank.R2>;
  /** `[channel, channel]`, of the first features; null where they share the weight */
  readonly weight2: Parameter<Rank.R2> | null;

  constructor(channels: number, alpha: number, options: GCN2ConvOptions) {
    super();
    checkRng("GCN2Conv", options);
    checkOptions("GCN2Conv", options, [
      "rng",
      "theta",
      "layer",
      "sharedWeights",
      "addSelfLoops",
      "normalize",
    ]);
    checkSizes("GCN2Conv", { channels });
    checkProbabilities("GCN2Conv", { alpha });
    const { rng, theta, layer, sharedWeights = true, addSelfLoops = true, normalize = true } = options;
    if ((theta === undefined) !== (layer === undefined))
      throw new OptionError(
        "GCN2Conv",
        theta === undefined ? "theta" : "layer",
        "undefined",
        "both theta and layer, or none",
      );
    if (theta !== undefined) checkPositive("GCN2Conv", { theta });
    if (layer !== undefined) checkSizes("GCN2Conv", { layer });
    this.channels = channels;
    this.alpha = alpha;
    this.beta = theta === undefined || layer === undefined ? 1 : Math.log(theta / layer + 1);
    this.addSelfLoops = addSelfLoops;
    this.normalize = normalize;
    this.weight1 = initialized<Rank.R2>([channels, channels], init.zeros());
    this.weight2 = sharedWeights ? null : initialized<Rank.R2>([channels, channels], init.zeros());
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    initialize<GCN2Conv>(this, "weight1", glorot, rng);
    if (this.weight2 !== null) initialize<GCN2Conv>(this, "weight2", glorot, rng);
  }

  /** @returns `[node, channel]` */
  forward(graph: Gcn2Graph): Tensor2D {
    const { channels, alpha, beta, weight1, weight2 } = this;
    const caller = `GCN2Conv(${channels}, ${alpha})`;
    const { source, edges: given, size } = endsOf(caller, graph, channels);
    checkShape(caller, "x0", graph.x0, [size, channels]);
    return tidy(() => {
      const normal = this.normalize ? gcnNorm(given, graph.edgeWeight, size, this) : null;
      const own = graph.edgeWeight === undefined ? null : column(graph.edgeWeight);
      const sums = sendSum(source, normal?.weight ?? own, normal?.edges ?? given, size, this.messages);
      const [now, first] = [mul(sums, 1 - alpha) as Tensor2D, mul(graph.x0, alpha) as Tensor2D] as const;
      const mix = (x: Tensor2D, weight: Tensor2D): Tensor2D =>
        add(mul(x, 1 - beta), mul(matMul(x, weight), beta));
      return weight2 === null ? mix(add(now, first), weight1) : add(mix(now, weight1), mix(first, weight2));
    });
  }
}
