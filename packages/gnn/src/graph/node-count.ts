import { checkSizes, IndexError } from "@pellucid/core-train";
import { Tensor } from "@tensorflow/tfjs-core";
import { edgesOf } from "./edge-list.ts";
import type { Edges } from "./graph.ts";

/** How many nodes a graph has: as said, else the rows of its `x`, else one more than the last id of its edges. */
export function nodeCount(caller: string, graph: Edges, numNodes?: number): number {
  const { lastSource, lastTarget } = edgesOf(graph.edgeIndex, caller);
  const needed = Math.max(lastSource, lastTarget) + 1;
  const x = "x" in graph && graph.x instanceof Tensor ? graph.x : null;
  const nodes = numNodes ?? x?.shape[0] ?? needed;
  checkSizes(caller, { numNodes: nodes }, 0);
  if (nodes >= needed) return nodes;
  throw new IndexError(
    `${caller}: edgeIndex has the id ${needed - 1}, expected ids below ${nodes}, the number of nodes.`,
  );
}
