import { checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import { edgeIndexOfHost, type GraphData } from "./graph-data.ts";

/**
 * A binary tree whose root has to find the leaf with its own key and tell that leaf's value: the information of all `2^depth` leaves passes through the root's two
 * neighbors, so a network of `depth` layers has to squash it. Over-squashing shows as training accuracy that falls with depth.
 *
 * Features are a node's key and its value, 0 where it has none; edges go from child to parent; `y` is the root's class, from 0. The root is node 0.
 *
 * Alon and Yahav, 2021, section 4.1. https://arxiv.org/abs/2006.05205
 */
export function treeNeighborsMatch(
  depth: number,
  options: { readonly rng: Rng },
): Required<Pick<GraphData, "x" | "edgeIndex" | "y">> {
  checkRng("treeNeighborsMatch", options);
  checkSizes("treeNeighborsMatch", { depth });
  const { rng } = options;
  const leaves = 2 ** depth;
  const count = 2 * leaves - 1;
  const x = new Float32Array(2 * count);
  const keys = rng.randperm(leaves);
  const values = rng.randperm(leaves);
  const wanted = rng.uint32() % leaves;
  for (let leaf = 0; leaf < leaves; leaf++)
    x.set([(keys[leaf] ?? NaN) + 1, (values[leaf] ?? NaN) + 1], 2 * (leaves - 1 + leaf));
  x[0] = (keys[wanted] ?? NaN) + 1;
  const children = Int32Array.from({ length: count - 1 }, (_, i) => i + 1);
  return {
    x: { data: x, shape: [count, 2] },
    edgeIndex: edgeIndexOfHost(
      children,
      children.map((child) => (child - 1) >> 1),
    ),
    y: { data: Int32Array.of(values[wanted] ?? NaN), shape: [1] },
  };
}
