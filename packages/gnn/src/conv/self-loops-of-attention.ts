import { concat, type Tensor2D } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { type EdgeReduction, fill, withLoops, withoutLoops } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";

/** Edges in which each node has exactly one self-loop, a new one, with features that `fillValue` gives it. */
export function renewLoops(
  caller: string,
  given: EdgeList,
  edgeAttr: Tensor2D | undefined,
  nodes: number,
  fillValue: number | EdgeReduction,
): { readonly edges: EdgeList; readonly edgeAttr: Tensor2D | undefined } {
  const { list, from } = withoutLoops(given);
  const edges = list.derive(`withLoops ${nodes}`, () => withLoops(list, nodes));
  if (edgeAttr === undefined) return { edges, edgeAttr };
  const kept = gatherRows(edgeAttr, from);
  return { edges, edgeAttr: concat([kept, fill(caller, kept, list, nodes, fillValue)], 0) };
}
