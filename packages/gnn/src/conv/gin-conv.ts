import {
  type Buffer,
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  Linear,
  OptionError,
  parameter,
  type Parameter,
  relu,
  type Rng,
  stateBuffer,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { SumAggregation } from "../aggr/basic-aggregations.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { sendSum } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { aggregateMessages } from "./aggregate-sources.ts";
import { type BipartiteGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link GINConv}. */
export interface GINConvOptions {
  /** Random generator for initialization: as PyG's, the layer draws the weights of `nn` anew. */
  readonly rng: Rng;
  /** How much more than a neighbour a node itself counts. Default: 0. */
  readonly eps?: number;
  /** Whether `eps` is learned. Default: false. */
  readonly trainEps?: boolean;
}

/**
 * Graph isomorphism: `nn((1 + ε) xᵢ + Σ xⱼ)`.
 *
 * Xu et al., 2019. How powerful are graph neural networks? eq. 4.1. https://arxiv.org/abs/1810.00826
 */
export class GINConv extends MessagePassing<BipartiteGraph> {
  /** `[1]` */
  readonly eps: Parameter<Rank.R1> | Buffer<Rank.R1>;
  readonly nn: RowNetwork;

  /** @param nn maps `[node, feature]` to `[node, out]` */
  constructor(nn: RowNetwork, options: GINConvOptions) {
    super();
    checkRng("GINConv", options);
    checkOptions("GINConv", options, ["rng", "eps", "trainEps"]);
    this.nn = networkOf("GINConv", nn);
    this.eps = epsOf("GINConv", options);
    this.resetParameters(options.rng);
  }

  /** Draws the weights of `nn` anew. */
  resetParameters(rng: Rng): void {
    redraw(this.nn, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { source, target, edges, size } = endsOf("GINConv", graph, anyFeatures(graph));
    return tidy(() => {
      const sums = sendSum(source, null, edges, size, this.messages); // [target, feature]
      return this.nn.forward(add(sums, mul(target, add(this.eps, 1))) as never) as Tensor2D; // [target, out]
    });
  }
}

/** Options for {@link GINEConv}. */
export interface GINEConvOptions extends GINConvOptions {
  /** The features of edges, which a linear map makes those of nodes. Default: they are those of nodes. */
  readonly edgeDim?: number;
}

/**
 * Graph isomorphism with features of edges: `nn((1 + ε) xᵢ + Σ ReLU(xⱼ + eⱼᵢ))`.
 *
 * Hu et al., 2020. Strategies for pre-training graph neural networks. https://arxiv.org/abs/1905.12265
 */
export class GINEConv extends MessagePassing<BipartiteGraph> {
  /** `[1]` */
  readonly eps: Parameter<Rank.R1> | Buffer<Rank.R1>;
  readonly nn: RowNetwork;
  readonly lin: Linear | null;

  /** @param nn maps `[node, feature]` to `[node, out]`; with `edgeDim` it must begin with a linear layer */
  constructor(nn: RowNetwork, options: GINEConvOptions) {
    super();
    checkRng("GINEConv", options);
    checkOptions("GINEConv", options, ["rng", "eps", "trainEps", "edgeDim"]);
    this.nn = networkOf("GINEConv", nn);
    const { rng, edgeDim } = options;
    this.eps = epsOf("GINEConv", options);
    this.lin = edgeDim === undefined ? null : new Linear(edgeDim, firstLinear(nn).inFeatures, { rng });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.nn, rng);
    if (this.lin !== null) redraw(this.lin, rng);
  }

  /** @returns `[target, out]` */
  forward(graph: BipartiteGraph): Tensor2D {
    const { source, target, edges, size } = endsOf("GINEConv", graph, anyFeatures(graph));
    const { edgeAttr } = graph;
    const features = this.lin?.inFeatures ?? source.shape[1];
    if (edgeAttr === undefined)
      throw new OptionError("GINEConv", "edgeAttr", "undefined", `[edge, ${features}]`);
    checkShape(
      "GINEConv",
      "edgeAttr",
      edgeAttr,
      [edges.length, features],
      "Give edgeDim for edges with other features than nodes.",
    );
    return tidy(() => {
      const ofEdges = this.lin === null ? edgeAttr : this.lin.forward(edgeAttr);
      const sent = relu<Tensor2D>(add(gatherRows(source, edges.source), ofEdges)); // [edge, feature]
      const sums = aggregateMessages(sent, edges, size, SUM, this.messages);
      return this.nn.forward(add(sums, mul(target, add(this.eps, 1))) as never) as Tensor2D; // [target, out]
    });
  }
}

const SUM = new SumAggregation();

/** @throws {OptionError} Unless `nn` has `forward`. */
export function networkOf(caller: string, nn: RowNetwork): RowNetwork {
  if (typeof nn === "object" && nn !== null && "forward" in nn && "namedModules" in nn) return nn;
  throw new OptionError(caller, "nn", String(nn), "a module that maps rows, such as a Sequential");
}

export function epsOf(
  caller: string,
  { eps = 0, trainEps = false }: Omit<GINConvOptions, "rng">,
): Parameter<Rank.R1> {
  checkFinite(caller, { eps });
  const values = { data: Float32Array.of(eps), shape: [1] };
  return trainEps ? parameter<Rank.R1>(values) : stateBuffer<Rank.R1>(values);
}

function firstLinear(nn: RowNetwork): Linear {
  for (const [, module] of nn.namedModules()) if (module instanceof Linear) return module;
  throw new OptionError(
    "GINEConv",
    "edgeDim",
    "given",
    "none, as nn has no linear layer whose input says how many features nodes have",
  );
}

/** Any number of features, for layers that leave them to a network. */
export function anyFeatures({ x }: BipartiteGraph): readonly [number, number] {
  const [source, target] = (Array.isArray(x) ? x : [x, x]) as [Tensor2D, Tensor2D];
  return [source.shape[1], target.shape[1]];
}
