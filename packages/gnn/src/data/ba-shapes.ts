import {
  checkOptions,
  checkRng,
  checkSizes,
  type HostTensor,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import { barabasiAlbert } from "./barabasi-albert.ts";
import { edgeIndexOfHost, type GraphData } from "./graph-data.ts";

/** Options for {@link baShapes}. */
export interface BaShapesOptions {
  /** Random generator for the graph and for where houses stand. */
  readonly rng: Rng;
  /** How many nodes the graph has before houses are added. Default: 300. */
  readonly numNodes?: number;
  /** How many houses there are. Default: 80. */
  readonly houses?: number;
}

/** A graph with planted motifs, and which edges are theirs. */
export interface BaShapes extends Required<Pick<GraphData, "x" | "edgeIndex" | "y">> {
  /** Ones for the edges within a house: what explains the class of its nodes. `[edge]` */
  readonly edgeLabel: HostTensor<Int32Array>;
}

/** A square with a roof: its edges, one direction each, and the class of each node. */
const house = [
  [0, 1],
  [0, 3],
  [1, 2],
  [2, 3],
  [0, 4],
  [1, 4],
] as const;
const roles = [1, 1, 2, 2, 3]; // middle, middle, bottom, bottom, top

/**
 * A graph of hubs to which houses of five nodes are attached, each by one edge. The class of a node is 0 in the graph, in a house 1 to 3 for the middle, bottom and top: it
 * can only be seen from the shape, since all features are 1. What explains a class is the house.
 *
 * Ying et al., 2019, section 5. https://arxiv.org/abs/1903.03894
 */
export function baShapes(options: BaShapesOptions): BaShapes {
  checkRng("baShapes", options);
  checkOptions("baShapes", options, ["rng", "numNodes", "houses"]);
  const { rng, numNodes = 300, houses = 80 } = options;
  checkSizes("baShapes", { numNodes, houses });
  if (numNodes < 6 || houses > numNodes)
    throw new OptionError("baShapes", "numNodes", numNodes, "6 or more, and as many as houses");
  const base = barabasiAlbert(numNodes, 5, { rng });
  const attached = rng.randperm(numNodes).subarray(0, houses);
  const sources = [...base.sources];
  const targets = [...base.targets];
  const labels = sources.map(() => 0);
  const join = (a: number, b: number, label: number) => {
    sources.push(a, b);
    targets.push(b, a);
    labels.push(label, label);
  };
  for (const [i, node] of attached.entries()) {
    const first = numNodes + 5 * i;
    for (const [a, b] of house) join(first + a, first + b, 1);
    join(node, first, 0);
  }
  const count = numNodes + 5 * houses;
  const y = Int32Array.from({ length: count }, (_, v) =>
    v < numNodes ? 0 : (roles[(v - numNodes) % 5] ?? NaN),
  );
  return {
    x: { data: new Float32Array(10 * count).fill(1), shape: [count, 10] },
    edgeIndex: edgeIndexOfHost(Int32Array.from(sources), Int32Array.from(targets)),
    y: { data: y, shape: [count] },
    edgeLabel: { data: Int32Array.from(labels), shape: [labels.length] },
  };
}
