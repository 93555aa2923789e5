import type { HostTensor } from "@pellucid/core-train";

/** One graph with a class for each node, and which nodes are to train, validate and test on. */
export type NodeGraph = {
  /** `[node, feature]` */
  readonly x: HostTensor<Float32Array>;
  /** `[2, edge]`: the sources, then the targets; both directions of each edge. */
  readonly edgeIndex: HostTensor<Int32Array>;
  /** `[node]` */
  readonly y: HostTensor<Int32Array>;
  /** Ones for the nodes to train on, `[node]`. */
  readonly trainMask: HostTensor<Uint8Array>;
  /** `[node]` */
  readonly valMask: HostTensor<Uint8Array>;
  /** `[node]` */
  readonly testMask: HostTensor<Uint8Array>;
};

/** Both ends of edges, sorted by target and source as in PyG, each pair once and without loops: `[2, edge]`. */
export function sortedEdges(
  pairs: Iterable<readonly [number, number]>,
  numNodes: number,
): HostTensor<Int32Array> {
  const keys = new Set<number>();
  for (const [source, target] of pairs) if (source !== target) keys.add(target * numNodes + source);
  const sorted = Float64Array.from(keys).toSorted();
  const data = new Int32Array(2 * sorted.length);
  for (const [e, key] of sorted.entries()) {
    data[e] = key % numNodes;
    data[sorted.length + e] = Math.floor(key / numNodes);
  }
  return { data, shape: [2, sorted.length] };
}

/** Ones at some nodes. */
export function maskOf(nodes: Iterable<number>, count: number): HostTensor<Uint8Array> {
  const data = new Uint8Array(count);
  for (const node of nodes) data[node] = 1;
  return { data, shape: [count] };
}
