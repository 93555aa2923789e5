// The graph of the course notes: as networkx has it, one round of messages, and a graph convolution by hand next to the layer.
import { useBackend } from "@pellucid/backends";
import { Linear, matMul, Rng } from "@pellucid/core-train";
import { addSelfLoops, adjacencyMatrix, degree, GCNConv, graphOf, Network, propagate } from "@pellucid/gnn";
import {
  add,
  gather,
  mul,
  reshape,
  rsqrt,
  type Tensor,
  type Tensor1D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";

/** What the example computes. */
export interface Results {
  readonly degrees: Readonly<Record<string, number>>;
  readonly isWeighted: readonly [edgeWeights: boolean, weight: boolean];
  readonly adjacency: readonly (readonly number[])[];
  readonly messages: number[][];
  /** With a loop added to every node, also to one that has one already. */
  readonly byHand: number[][];
  /** With loops added where there is none, as PyTorch Geometric's layer does. */
  readonly layer: number[][];
}

/** Computes all of it. */
export function main(): Results {
  const network = new Network({ directed: true });
  network.addNodesFrom([
    ["A", { feature: [1, 3] }],
    ["B", { feature: [2, 4] }],
    ["C", { feature: [5, 7] }],
  ]);
  const edges = [
    ["A", "A", 1],
    ["A", "B", 4.5],
    ["B", "C", 2],
    ["C", "B", 6],
  ] as const;
  network.addEdgesFrom(edges.map(([source, target, weight]) => [source, target, { edge_weights: weight }]));
  const named = network.isWeighted(); // false: the attribute has another name
  network.addWeightedEdgesFrom(edges);
  return tidy(() => {
    const graph = graphOf({
      x: [
        [1, 2],
        [2, 3],
        [8, 3],
        [2, 4],
      ],
      edgeIndex: [
        [0, 0, 1, 2, 2, 3],
        [0, 1, 2, 1, 3, 2],
      ],
    });
    const messages = propagate(graph, { message: ({ xi, xj }) => add(xi, xj), aggregate: "sum" });
    const linear = new Linear(2, 4, { rng: new Rng(0), bias: false });
    const looped = { ...graph, ...addSelfLoops(graph) };
    const scale = rsqrt(degree(looped)); //                                    [node]
    const [sources, targets] = unstack(looped.edgeIndex) as [Tensor1D, Tensor1D];
    const norm = mul(gather(scale, sources), gather(scale, targets)); //       [edge]
    const byHand = propagate(
      { edgeIndex: looped.edgeIndex, x: matMul(graph.x, linear.weight) },
      { message: ({ xj }) => mul(xj, reshape(norm, [norm.size, 1])) },
    );
    const conv = new GCNConv(2, 4, { rng: new Rng(0) });
    conv.lin.weight.assign(linear.weight);
    const layer = conv.forward(graph);
    const rows = (x: Tensor) => x.arraySync() as number[][];
    return {
      degrees: Object.fromEntries(network.degree()),
      isWeighted: [named, network.isWeighted()] as const,
      adjacency: adjacencyMatrix(network),
      messages: rows(messages),
      byHand: rows(byHand),
      layer: rows(layer),
    };
  });
}

if (import.meta.main) {
  await useBackend();
  const { degrees, isWeighted, adjacency, messages, byHand, layer } = main();
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const table = (rows: readonly (readonly number[])[]) =>
    rows.map((row) => `  ${row.map((value) => value.toFixed(4).padStart(8)).join("")}`).join("\n");
  write(
    `degrees ${JSON.stringify(degrees)}, weighted by edge_weights: ${isWeighted[0]}, by weight: ${isWeighted[1]}`,
  );
  write(`adjacency matrix\n${table(adjacency)}`);
  write(`sums of x_i + x_j\n${table(messages)}`);
  write(`graph convolution, a loop for every node\n${table(byHand)}`);
  write(`graph convolution, a loop where there is none\n${table(layer)}`);
}
