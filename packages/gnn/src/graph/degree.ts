import { checkArguments, checkChoice, checkOptions } from "@pellucid/core-train";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { edgesOf } from "./edge-list.ts";
import type { Edges } from "./graph.ts";
import { nodeCount } from "./node-count.ts";

/** Options for {@link degree}. */
export interface DegreeOptions {
  /** Which ends of edges to count: those that come in, or those that go out. Default: `"in"`. */
  readonly direction?: "in" | "out";
  /** How many nodes there are. Default: as many as there are rows of `x`, else one more than the last id. */
  readonly numNodes?: number;
}

/**
 * How many edges each node has: duplicates count, a self-loop counts once.
 *
 * PyG's `degree` counts an index, of which `edge_index[1]` gives what comes in here.
 *
 * @returns float32 `[node]`
 */
export function degree(graph: Edges, options: DegreeOptions = {}): Tensor1D {
  checkArguments("degree", { "{ edgeIndex }": { graph } });
  checkOptions("degree", options, ["direction", "numNodes"]);
  const { direction = "in", numNodes } = options;
  checkChoice("degree", "direction", direction, ["in", "out"]);
  const edges = edgesOf(graph.edgeIndex, "degree");
  const nodes = nodeCount("degree", graph, numNodes);
  const counts = new Float32Array(nodes);
  for (const node of direction === "in" ? edges.target : edges.source) {
    counts[node] = (counts[node] ?? NaN) + 1;
  }
  return tensor1d(counts);
}
