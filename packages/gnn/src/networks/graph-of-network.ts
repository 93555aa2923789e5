import { checkNetwork } from "./check-network.ts";
import { checkArguments, checkOptions } from "@pellucid/core-train";
import { graphOf } from "../graph/graph-of.ts";
import { edgesOf } from "../graph/edge-list.ts";
import type { Graph } from "../graph/graph.ts";
import { NetworkError } from "./network-error.ts";
import { Network } from "./network.ts";
import { weightOf } from "./attributes.ts";
import { type NodeName } from "./node-name.ts";

/** Options for {@link graphOfNetwork}. */
export interface GraphOfNetworkOptions {
  /** The attribute of nodes that is their features: an array of numbers, or a number. Default: the identity matrix, one feature for each node. */
  readonly features?: string;
  /** The attribute of nodes that is their class, an integer. Default: none. */
  readonly label?: string;
  /** The attribute of edges that is their weight. Default: edges have none. */
  readonly weight?: string;
}

/**
 * The tensors of a network, its nodes in their order; an undirected edge gets both directions. PyG's `from_networkx`.
 *
 * @throws NetworkError for an attribute that is missing or not of numbers
 */
export function graphOfNetwork(network: Network, options: GraphOfNetworkOptions = {}): Graph {
  checkNetwork("graphOfNetwork", network);
  checkOptions("graphOfNetwork", options, ["features", "label", "weight"]);
  const { features, label, weight } = options;
  const nodes = network.nodes();
  const index = new Map(nodes.map((node, i) => [node, i]));
  const numbers = (node: NodeName, name: string): number[] => {
    const found = network.node(node)[name];
    const list: unknown[] =
      Array.isArray(found) || ArrayBuffer.isView(found) ? Array.from(found as ArrayLike<unknown>) : [found];
    if (list.every((value): value is number => typeof value === "number" && Number.isFinite(value)))
      return list;
    throw new NetworkError(
      `graphOfNetwork: ${name} of node ${JSON.stringify(node)} is ${JSON.stringify(found) ?? "not there"}, expected numbers.`,
    );
  };
  const pairs = nodes.flatMap((source) =>
    network.neighbors(source).map((target) => [source, target] as const),
  );
  return graphOf({
    x: nodes.map((node, i) =>
      features === undefined ? nodes.map((_, j) => Number(i === j)) : numbers(node, features),
    ),
    edgeIndex: [
      pairs.map(([source]) => index.get(source) as number),
      pairs.map(([, target]) => index.get(target) as number),
    ],
    ...(weight !== undefined && {
      edgeWeight: pairs.map(([source, target]) => weightOf(network.edge(source, target), weight)),
    }),
    ...(label !== undefined && { y: Int32Array.from(nodes, (node) => numbers(node, label)[0] ?? NaN) }),
  });
}

/**
 * A network of the edges of a graph, whose nodes are numbers from 0: directed, unless the graph has both directions of each edge with the same weight. Weights are the attribute `weight`, features `x`. Of
 * parallel edges the last one counts.
 */
export async function networkOfGraph(graph: Graph): Promise<Network> {
  checkArguments("networkOfGraph", { "{ x, edgeIndex }": { graph } });
  const { source, target, length } = edgesOf(graph.edgeIndex, "networkOfGraph");
  const weights = graph.edgeWeight === undefined ? null : await graph.edgeWeight.data();
  const x = (await graph.x.array()) as number[][];
  const known = new Map(Array.from(source, (u, e) => [`${u} ${target[e]}`, weights?.[e]]));
  const isUndirected = Array.from(source, (u, e) => {
    const back = `${target[e]} ${u}`;
    return known.has(back) && known.get(back) === known.get(`${u} ${target[e]}`);
  }).every(Boolean);
  const network = new Network({ directed: !isUndirected });
  network.addNodesFrom(x.map((features, v) => [v, { x: features }]));
  for (let e = 0; e < length; e++)
    network.addEdge(
      source[e] ?? NaN,
      target[e] ?? NaN,
      weights === null ? {} : { weight: weights[e] ?? NaN },
    );
  return network;
}
