import { Rng } from "@pellucid/core-train";
import {
  type HostEdges,
  hostEdges,
  Network,
  neighborLists,
  partitionGraph,
  randomWalks,
  sampleLayers,
  sampleNeighbors,
  springLayout,
  stochasticBlockModel,
  subgraph,
  visitedNeighbors,
} from "@pellucid/gnn";
import { network } from "@pellucid/interpret/draw";

/** How a part of the graph is drawn. */
export const samplers = {
  neighbors: "two hops of neighbors of four seeds (GraphSAGE)",
  visits: "the nodes that walks from four seeds visit most (PinSAGE)",
  layers: "two layers, drawn from the neighbors of four seeds and of what was drawn (LADIES)",
  walks: "the nodes of random walks (GraphSAINT)",
  clusters: "two of eight parts of the graph (ClusterGCN)",
} as const;

export interface Options {
  readonly sampler: keyof typeof samplers;
  /** Neighbors of each node in each hop, nodes of each layer for each seed, or steps of each walk. */
  readonly size: number;
  readonly seed: number;
}

export const options: Options = { sampler: "neighbors", size: 3, seed: 0 };

export async function program({ sampler, size, seed }: Options) {
  const probabilities = Array.from({ length: 4 }, (_, a) =>
    Array.from({ length: 4 }, (__, b) => (a === b ? 0.2 : 0.006)),
  );
  const data = stochasticBlockModel([30, 30, 30, 30], probabilities, { rng: new Rng(1) });
  const edges = hostEdges(data);
  const drawn = new Network();
  drawn.addNodesFrom(Array(120).keys());
  const pairs = Array.from(edges.sources, (u, e) => [u, edges.targets[e] as number] as const);
  drawn.addEdgesFrom(pairs);
  const positions = [...springLayout(drawn, { seed: 3, iterations: 120 }).values()];
  const { nodes, used, seeds } = sampled(sampler, edges, size, new Rng(seed));
  const picture = network(
    { positions, edges: pairs },
    {
      title: `A batch of ${samplers[sampler]}`,
      nodeLabels: positions.map(() => ""),
      classes: Array.from({ length: 120 }, (_, v) => (nodes.has(v) ? 1 : 0)),
      classNames: ["not in the batch", "in the batch"],
      edgeAmounts: pairs.map((_, e) => (used.has(e) ? 1 : 0.05)),
      edgeLabel: "in the batch",
      marked: seeds,
    },
  );
  return {
    pictures: [picture],
    nodes: nodes.size,
    edges: used.size,
    existing: [...used].every(
      (e) => nodes.has(edges.sources[e] as number) && nodes.has(edges.targets[e] as number),
    ),
  };
}

function sampled(sampler: Options["sampler"], edges: HostEdges, size: number, rng: Rng) {
  if (sampler === "neighbors") {
    const seeds = Array.from(rng.randperm(120).subarray(0, 4));
    const found = sampleNeighbors(neighborLists(edges), seeds, [size, size], { rng });
    return { nodes: new Set(found.nodes), used: new Set(found.edges), seeds };
  }
  if (sampler === "visits") {
    const seeds = Array.from(rng.randperm(120).subarray(0, 4));
    const { sources } = visitedNeighbors(neighborLists(edges), seeds, size, { rng });
    const nodes = new Set([...seeds, ...sources]);
    return { nodes, used: new Set(subgraph(edges, [...nodes]).edges), seeds };
  }
  if (sampler === "layers") {
    const seeds = Array.from(rng.randperm(120).subarray(0, 4));
    const weights = new Float32Array(edges.sources.length).fill(1);
    const counts = [4 * size, 4 * size];
    const layers = sampleLayers(neighborLists(edges), weights, seeds, counts, { rng });
    const known = new Map<string, number>(
      Array.from(edges.sources, (u, e) => [`${u} ${edges.targets[e]}`, e]),
    );
    const used = new Set<number>();
    for (const [i, { nodes, sources, targets }] of layers.entries()) {
      const above = layers[i - 1]?.nodes ?? seeds;
      for (const [k, source] of sources.entries())
        used.add(known.get(`${nodes[source]} ${above[targets[k] as number]}`) as number);
    }
    return { nodes: new Set(layers.at(-1)?.nodes), used, seeds };
  }
  if (sampler === "walks") {
    const seeds = Array.from(rng.randperm(120).subarray(0, 8));
    const nodes = new Set(randomWalks(neighborLists(edges, "out"), seeds, size, { rng }));
    return { nodes, used: new Set(subgraph(edges, Int32Array.from(nodes)).edges), seeds };
  }
  const { parts } = partitionGraph(edges, 8, { rng });
  const chosen = new Set(rng.randperm(8).subarray(0, 2));
  const nodes = Array.from(parts.keys()).filter((v) => chosen.has(parts[v] as number));
  return { nodes: new Set(nodes), used: new Set(subgraph(edges, nodes).edges), seeds: [] };
}
