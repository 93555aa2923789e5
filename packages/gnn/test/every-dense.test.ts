// PyG's convolutions of dense matrices in 64 bits, with their gradients at the matrices; and the same numbers as the convolutions of edges with the same weights.
import { useBackend } from "@pellucid/backends";
import {
  gradient,
  Linear,
  loadWeights,
  type Module,
  ReLU,
  Rng,
  Sequential,
  torchStateOf,
} from "@pellucid/core-train";
import {
  batchGraphs,
  DenseGATConv,
  DenseGCNConv,
  DenseGINConv,
  DenseGraphConv,
  type DenseInput,
  DenseSAGEConv,
  GATConv,
  GCNConv,
  GINConv,
  type Graph,
  GraphConv,
  graphOf,
  SAGEConv,
  toDense,
} from "@pellucid/gnn";
import {
  checkLayerAgainstTorch,
  fixture,
  sines,
  type TestedLayer,
  type TorchLayerCase,
} from "@pellucid/testing";
import {
  abs,
  concat,
  reshape,
  slice,
  sum,
  type Tensor2D,
  type Tensor3D,
  tile,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { denseRows } from "./rows/dense.ts";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(import.meta.url, "../fixtures/torch/dense.json");

interface Pair {
  readonly dense: Module & { forward(graphs: DenseInput): Tensor3D };
  readonly sparse: Module & { forward(graph: Graph): Tensor2D };
  /** Which weight of the dense layer is which of the sparse one, where they have other names. */
  readonly names?: Readonly<Record<string, string>>;
}
const mlp = (rng: Rng) =>
  new Sequential(new Linear(3, 5, { rng }), new ReLU(), new Linear(5, 4, { rng })) as never;
const pairs: Readonly<Record<string, (rng: Rng) => Pair>> = {
  DenseGCNConv: (rng) => ({ dense: new DenseGCNConv(3, 4, { rng }), sparse: new GCNConv(3, 4, { rng }) }),
  DenseSAGEConv: (rng) => ({
    dense: new DenseSAGEConv(3, 4, { rng }),
    sparse: new SAGEConv(3, 4, { rng }),
    names: {
      "lin_rel.weight": "lin_l.weight",
      "lin_root.weight": "lin_r.weight",
      "lin_root.bias": "lin_l.bias",
    },
  }),
  DenseGraphConv: (rng) => ({
    dense: new DenseGraphConv(3, 4, { rng }),
    sparse: new GraphConv(3, 4, { rng }),
  }),
  "DenseGraphConv, mean": (rng) => ({
    dense: new DenseGraphConv(3, 4, { rng, aggr: "mean" }),
    sparse: new GraphConv(3, 4, { rng, aggr: "mean" }),
  }),
  "DenseGraphConv, max": (rng) => ({
    dense: new DenseGraphConv(3, 4, { rng, aggr: "max" }),
    sparse: new GraphConv(3, 4, { rng, aggr: "max" }),
  }),
  DenseGINConv: (rng) => ({
    dense: new DenseGINConv(mlp(rng), { rng, eps: 0.2 }),
    sparse: new GINConv(mlp(rng), { rng, eps: 0.2 }),
  }),
  DenseGATConv: (rng) => ({
    dense: new DenseGATConv(3, 4, { rng, heads: 2 }),
    sparse: new GATConv(3, 4, { rng, heads: 2 }),
  }),
};

/** Two graphs without directions: a path of three with a triangle at its end, and a pair. */
function graphs(): Graph {
  const undirected = (edges: [number, number][], nodes: number, phase: number) =>
    graphOf({
      x: sines([nodes, 3], phase) as Tensor2D,
      edgeIndex: [edges.flatMap(([i, j]) => [i, j]), edges.flatMap(([i, j]) => [j, i])],
    });
  return batchGraphs([
    undirected(
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 1],
      ],
      4,
      0.1,
    ),
    undirected([[0, 1]], 2, 2),
  ]);
}

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(cases.map((c) => [c.title, c] as const))("%s agrees with PyG", async (title, c) => {
    const { make, input } = denseRows[title] as (typeof denseRows)[string];
    await checkLayerAgainstTorch(c, make as (rng: Rng) => TestedLayer, input);
  });

  test.each(Object.entries(pairs))("%s has the numbers of the layer of edges", async (_, pair) => {
    const { dense, sparse, names = {} } = pair(new Rng(3));
    const state = Object.entries(await torchStateOf(dense)).map(([name, { data, shape }]) => [
      names[name] ?? name,
      { data, shape: shape.length === 4 ? shape.slice(1) : shape },
    ]);
    loadWeights(sparse, Object.fromEntries(state));
    const graph = graphs();
    const y = dense.forward(toDense(graph));
    const features = y.shape[2];
    const rowsOf = (graph: number, nodes: number) =>
      reshape(slice(y, [graph, 0, 0], [1, nodes, features]), [nodes, features]);
    const rows = concat([rowsOf(0, 4), rowsOf(1, 2)]);
    expect(sparse.forward(graph)).toBeAllclose(rows, { rtol: 1e-5, atol: 2e-6 });
  });

  test("one matrix serves all graphs, and has the sum of their gradients", () => {
    const layer = new DenseGCNConv(3, 4, { rng: new Rng(0) });
    const x = sines([2, 4, 3], 0.1) as Tensor3D;
    const adj = abs(sines([1, 4, 4], 0.5)) as Tensor3D;
    const both = tile(adj, [2, 1, 1]);
    expect(layer.forward({ x, adj })).toBeAllclose(layer.forward({ x, adj: both }));
    const at = (given: Tensor3D) =>
      gradient((matrices: Tensor3D) => sum(layer.forward({ x, adj: matrices })))(given);
    expect(at(adj)).toBeAllclose(sum(at(both), 0, true), { rtol: 1e-5, atol: 1e-5 });
  });

  test("a node that receives nothing gets the bias, and no nodes give no rows", () => {
    const layer = new DenseGATConv(3, 4, { rng: new Rng(0), addLoop: false });
    const y = layer.forward({ x: sines([1, 2, 3], 0.1) as Tensor3D, adj: zeros([1, 2, 2]) });
    expect(y).toBeAllclose(zeros([1, 2, 4]));
    for (const make of Object.values(pairs))
      expect(make(new Rng(0)).dense.forward({ x: zeros([2, 0, 3]), adj: zeros([2, 0, 0]) }).size).toBe(0);
  });

  test("nothing is left in memory", () => {
    const graph = toDense(graphs());
    for (const make of Object.values(pairs)) {
      const { dense } = make(new Rng(0));
      expect(() => dense.forward(graph)).toLeakNothing();
      expect(() => gradient((x: Tensor3D) => dense.forward({ ...graph, x }))(graph.x)).toLeakNothing();
    }
  });
});

test("wrong inputs are typed errors that say what was expected", () => {
  const x = zeros([2, 4, 3]) as Tensor3D;
  const adj = zeros([2, 4, 4]) as Tensor3D;
  const layer = new DenseGCNConv(3, 4, { rng: new Rng(0) });
  expect(() => layer.forward({ x, adj: zeros([3, 4, 4]) })).toThrow(
    /DenseGCNConv: adj is \[3, 4, 4\], expected \[2, 4, 4\]/,
  );
  expect(() => layer.forward({ x, adj, mask: zeros([2, 3]) })).toThrow(
    /DenseGCNConv: mask is \[2, 3\], expected \[2, 4\]/,
  );
  expect(() => layer.forward({ x: zeros([2, 4, 2]), adj })).toThrow(
    /DenseGCNConv: x is \[2, 4, 2\], expected \[graph, node, 3\]/,
  );
  expect(() => new DenseGraphConv(3, 4, { rng: new Rng(0), aggr: "min" as never })).toThrow(
    /DenseGraphConv: aggr is/,
  );
  expect(() => new DenseGINConv(3 as never, { rng: new Rng(0) })).toThrow(/DenseGINConv: nn is 3/);
});

test("each case has a row", () => {
  expect(Object.keys(denseRows).toSorted()).toEqual(cases.map(({ title }) => title).toSorted());
});
