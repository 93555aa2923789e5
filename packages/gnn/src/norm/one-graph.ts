import { EdgeList } from "../graph/edge-list.ts";
import type { Graphs } from "./norm-input.ts";

const known = new Map<number, Graphs>();

/** All nodes in one graph. */
export function oneGraph(nodes: number): Graphs {
  const found = known.get(nodes) ?? {
    groups: new EdgeList(
      Int32Array.from({ length: nodes }, (_, i) => i),
      new Int32Array(nodes),
    ),
    size: 1,
  };
  if (known.size > 64) known.clear();
  known.set(nodes, found);
  return found;
}
