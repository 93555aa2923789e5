import { checkShape, type Layer, Module } from "@pellucid/core-train";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { checkEdges } from "../graph/check-graph.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import type { Edges } from "../graph/graph.ts";
import { Messages } from "../propagate/messages.ts";

/** What a convolution takes: a graph. */
export interface ConvGraph extends Edges {
  /** `[node, feature]` */
  readonly x: Tensor2D;
}

/** What many convolutions also take: edges from one set of nodes to another. */
export interface BipartiteGraph extends Edges {
  /** `[node, feature]`, or those of the sources and those of the targets. */
  readonly x: Tensor2D | readonly [source: Tensor2D, target: Tensor2D];
}

/** The sizes of features: the same for sources and targets, or one for each. */
export type ChannelPair = number | readonly [source: number, target: number];

/** A layer in which nodes send messages along the edges of a graph. */
export abstract class MessagePassing<G extends Edges = ConvGraph> extends Module implements Layer<G, Tensor> {
  /** What each edge carries, for explanations to observe and change. */
  readonly messages: Messages = new Messages();

  /** @returns `[node, feature]` */
  abstract forward(graph: G): Tensor2D;
}

/** A graph's features and edges, checked. */
export interface Ends {
  readonly source: Tensor2D;
  readonly target: Tensor2D;
  readonly edges: EdgeList;
  /** How many targets there are. */
  readonly size: number;
}

/** @throws {ShapeError | IndexError | DtypeError} If the graph does not fit the layer. */
export function endsOf(caller: string, graph: BipartiteGraph, channels: ChannelPair): Ends {
  const [ofSource, ofTarget] = pairOf(channels);
  const isPair = Array.isArray(graph.x);
  const [source, target] = (isPair ? graph.x : [graph.x, graph.x]) as [Tensor2D, Tensor2D];
  checkShape(caller, isPair ? "x[0]" : "x", source, ["node", ofSource]);
  checkShape(caller, isPair ? "x[1]" : "x", target, ["node", ofTarget]);
  const size = target.shape[0];
  return { source, target, edges: checkEdges(caller, graph, source.shape[0], size), size };
}

/** A size for both ends, or one for each. */
export function pairOf(channels: ChannelPair): readonly [source: number, target: number] {
  return typeof channels === "number" ? [channels, channels] : channels;
}
