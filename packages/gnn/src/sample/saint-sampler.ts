import { checkChoice, checkOptions, checkRng, checkSizes, type HostTensor, Rng } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";
import { neighborLists } from "../convert/neighbor-lists.ts";
import { type Subgraph, subgraph } from "../convert/subgraph.ts";
import { hostEdges, type GraphData, takeGraph } from "../data/graph-data.ts";
import { aliasTable } from "./alias-table.ts";
import type { GraphSampler } from "./graph-sampler.ts";
import { type SampledGraph, vector } from "./neighbor-sampler.ts";
import { randomWalks } from "./random-walks.ts";
import { type SaintNormalization, saintNormalization } from "./saint-normalization.ts";

/** Options for {@link saintSampler}. */
export interface SaintSamplerOptions {
  /** Random generator for the subgraphs that normalization counts. */
  readonly rng: Rng;
  /**
   * `"node"`: nodes drawn in proportion to the number of their outgoing edges; `"edge"`: edges with probabilities in proportion to
   * `1 / deg(u) + 1 / deg(v)`; `"walk"`: the nodes of random walks from nodes drawn uniformly. Default: `"walk"`.
   */
  readonly method?: "node" | "edge" | "walk";
  /** How many nodes, edges or walks are drawn for a subgraph. */
  readonly budget: number;
  /** How many steps a walk has. Default: 2. */
  readonly walkLength?: number;
  /** How many subgraphs an epoch has. Default: 1. */
  readonly steps?: number;
  /** How many subgraphs to count for normalization on average contain each node. Default: 50. */
  readonly coverage?: number;
}

/** A subgraph with GraphSAINT's weights. */
export interface SaintGraph extends Omit<SampledGraph, "seeds"> {
  /** `[node]` */
  readonly nodeNorm: HostTensor<Float32Array> & { readonly shape: readonly [number] };
  /** `[edge]` */
  readonly edgeNorm: HostTensor<Float32Array> & { readonly shape: readonly [number] };
}

/**
 * A dataset of random subgraphs of one graph, with the weights that make their losses and means unbiased: PyG's `GraphSAINTNodeSampler`,
 * `GraphSAINTEdgeSampler` and `GraphSAINTRandomWalkSampler`. Load it with `{ size: 1 }`: a batch of several indices is the subgraph of all that was drawn for them.
 *
 * Zeng et al., 2020. https://arxiv.org/abs/1907.04931
 */
export function saintSampler(
  graph: GraphData,
  options: SaintSamplerOptions,
): GraphSampler<SaintGraph> & { readonly normalization: SaintNormalization } {
  checkRng("saintSampler", options);
  checkOptions("saintSampler", options, ["rng", "method", "budget", "walkLength", "steps", "coverage"]);
  const { rng, method = "walk", budget, walkLength = 2, steps = 1, coverage = 50 } = options;
  checkChoice("saintSampler", "method", method, ["node", "edge", "walk"]);
  checkSizes("saintSampler", { budget, walkLength, steps, coverage });
  const edges = hostEdges(graph);
  const nodesOf = drawNodes(edges, method, budget, walkLength);
  const draw = (from: Rng, times = 1): Subgraph => {
    const nodes = new Set(Array.from({ length: times }, () => [...nodesOf(from)]).flat());
    return subgraph(edges, Int32Array.from(nodes).toSorted());
  };
  const counted: Subgraph[] = [];
  for (let covered = 0; covered < coverage * edges.numNodes;) {
    const sampled = draw(rng);
    covered += sampled.numNodes;
    counted.push(sampled);
  }
  const normalization = saintNormalization(edges, counted);
  const { nodeNorm, edgeNorm } = normalization;
  const gather = (indices: Int32Array, from: Rng = new Rng(0)) => {
    const sampled = draw(from, indices.length);
    return {
      ...takeGraph(graph, sampled),
      nodes: vector(sampled.nodes),
      edges: vector(sampled.edges),
      nodeNorm: vector(Float32Array.from(sampled.nodes, (v) => nodeNorm[v] ?? NaN)),
      edgeNorm: vector(Float32Array.from(sampled.edges, (e) => edgeNorm[e] ?? NaN)),
    };
  };
  return { length: steps, normalization, gather, get: (_, from) => ({ ...gather(Int32Array.of(0), from) }) };
}

/** Draws the nodes of a subgraph. */
function drawNodes(
  edges: HostEdges,
  method: "node" | "edge" | "walk",
  budget: number,
  walkLength: number,
): (rng: Rng) => Iterable<number> {
  const { sources, targets, numNodes } = edges;
  const draws = Array.from({ length: budget });
  if (method === "walk") {
    const lists = neighborLists(edges, "out");
    return (rng) => {
      const starts = draws.map(() => rng.uint32() % numNodes);
      return randomWalks(lists, starts, walkLength, { rng });
    };
  }
  if (method === "node") return (rng) => draws.map(() => sources[rng.uint32() % sources.length] ?? NaN);
  const [incoming, outgoing] = [new Float64Array(numNodes), new Float64Array(numNodes)];
  for (const v of targets) incoming[v] = (incoming[v] ?? NaN) + 1;
  for (const v of sources) outgoing[v] = (outgoing[v] ?? NaN) + 1;
  const table = aliasTable(
    Array.from(sources, (u, e) => 1 / (outgoing[u] ?? NaN) + 1 / (incoming[targets[e] ?? NaN] ?? NaN)),
  );
  return (rng) =>
    draws.flatMap(() => {
      const e = table.draw(rng);
      return [sources[e] ?? NaN, targets[e] ?? NaN];
    });
}
