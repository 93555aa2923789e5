// Graphs as data: against cases solved by hand, and against PyG's numbers for weights of undirected edges.
import { useBackend } from "@pellucid/backends";
import { leaves } from "@pellucid/core-train";
import {
  addRemainingSelfLoops,
  addSelfLoops,
  batchGraphs,
  coalesce,
  collateGraphs,
  degree,
  edgesOf,
  type Edges,
  type Graph,
  globalMeanPool,
  graphOf,
  removeSelfLoops,
  toCsr,
  toUndirected,
  unbatchGraphs,
  weisfeilerLemanTest,
  zachary,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { dispose, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface UndirectedCase {
  readonly id: string;
  readonly kind: string;
  readonly input: {
    readonly edgeIndex: [number[], number[]];
    readonly weight: number[];
    readonly numNodes: number;
  };
  readonly right: Record<string, { readonly edgeIndex: number[][]; readonly weight: number[] }>;
}
const golden = fixture<UndirectedCase[]>(import.meta.url, "../fixtures/golden/layers.json").filter(
  ({ kind }) => kind === "to-undirected-weights",
);

const zeros = (nodes: number) => Array.from({ length: nodes }, () => [0]);

/** Four nodes; node 3 is isolated, 0 → 1 is there twice, node 1 has two loops. */
const example = () =>
  graphOf({
    x: [[1], [2], [3], [4]],
    edgeIndex: [
      [0, 1, 0, 2, 1],
      [1, 1, 1, 0, 1],
    ],
    edgeWeight: [1, 2, 3, 4, 5],
    edgeAttr: [[1], [2], [3], [4], [5]],
  });

const columnsOf = (tensor: Tensor) => (tensor as ReturnType<typeof tensor2d>).arraySync();

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test("a graph's numbers become tensors", () => {
    const graph = graphOf({
      x: [
        [1, 2],
        [3, 4],
      ],
      edgeIndex: [[0], [1]],
      y: Int32Array.of(1, 0),
      trainMask: [true, false],
      name: "pair",
    });
    expect(graph.x.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([graph.edgeIndex.dtype, graph.y?.dtype, graph.trainMask?.dtype]).toEqual([
      "int32",
      "int32",
      "bool",
    ]);
    expect(graph.name).toBe("pair");
    dispose(leaves(graph));
  });

  test("a tensor given to a graph stays the caller's", () => {
    const x = tensor2d([[1], [2]]);
    const graph = graphOf({ x, edgeIndex: [[0], [1]] });
    dispose(leaves(graph));
    expect(x.arraySync()).toEqual([[1], [2]]);
    x.dispose();
  });

  test("there may be no edges, and no nodes", () => {
    const lonely = graphOf({ x: [[1]], edgeIndex: [[], []] });
    expect(lonely.edgeIndex.shape).toEqual([2, 0]);
    const none = graphOf({ x: tensor2d([], [0, 3]), edgeIndex: [[], []] });
    expect(none.x.shape).toEqual([0, 3]);
    dispose([...leaves(lonely), ...leaves(none)]);
  });

  test("degrees count duplicates, a loop once, and isolated nodes", () => {
    const graph = example();
    expect([...degree(graph).dataSync()]).toEqual([1, 4, 0, 0]);
    expect([...degree(graph, { direction: "out" }).dataSync()]).toEqual([2, 2, 1, 0]);
    expect([...degree({ edgeIndex: graph.edgeIndex }).dataSync()]).toEqual([1, 4, 0]);
  });

  test("self-loops are added to all nodes, with a number or what the node receives", () => {
    const added = addSelfLoops(example(), { fillValue: 7 });
    expect(columnsOf(added.edgeIndex)).toEqual([
      [0, 1, 0, 2, 1, 0, 1, 2, 3],
      [1, 1, 1, 0, 1, 0, 1, 2, 3],
    ]);
    expect([...(added.edgeWeight?.dataSync() ?? [])]).toEqual([1, 2, 3, 4, 5, 7, 7, 7, 7]);
    const means = addSelfLoops(example(), { fillValue: "mean" });
    expect([...(means.edgeAttr?.dataSync() ?? [])]).toEqual([1, 2, 3, 4, 5, 4, 2.75, 0, 0]);
  });

  test("of several loops of a node the last remains, the other nodes get new ones", () => {
    const added = addRemainingSelfLoops(example(), { fillValue: 7 });
    expect(columnsOf(added.edgeIndex)).toEqual([
      [0, 0, 2, 0, 1, 2, 3],
      [1, 1, 0, 0, 1, 2, 3],
    ]);
    expect([...(added.edgeWeight?.dataSync() ?? [])]).toEqual([1, 3, 4, 7, 5, 7, 7]);
  });

  test("self-loops are removed with their weights", () => {
    const removed = removeSelfLoops(example());
    expect(columnsOf(removed.edgeIndex)).toEqual([
      [0, 0, 2],
      [1, 1, 0],
    ]);
    expect([...(removed.edgeWeight?.dataSync() ?? [])]).toEqual([1, 3, 4]);
    expect(columnsOf(removed.edgeAttr as Tensor)).toEqual([[1], [3], [4]]);
  });

  test.each(golden)("$id", ({ input, right }) => {
    const graph = graphOf({ x: zeros(input.numNodes), edgeIndex: input.edgeIndex, edgeWeight: input.weight });
    const check = (found: Edges, expected: { edgeIndex: number[][]; weight: number[] } | undefined) => {
      expect(columnsOf(found.edgeIndex)).toEqual(expected?.edgeIndex);
      expect(found.edgeWeight ?? []).toBeAllclose(expected?.weight ?? [], { rtol: 1e-6, atol: 1e-6 });
    };
    for (const reduce of ["add", "mean", "max", "min"] as const)
      check(toUndirected(graph, { reduce }), right[reduce]);
    check(coalesce(graph), right["coalesceAdd"]);
  });

  test("rows of a graph are its edges by source or target, in their order", () => {
    const graph = example();
    const bySource = toCsr(graph);
    expect([bySource.ptr, bySource.column, bySource.edge].map((t) => [...t.dataSync()])).toEqual([
      [0, 2, 4, 5, 5],
      [1, 1, 1, 1, 0],
      [0, 2, 1, 4, 3],
    ]);
    const byTarget = toCsr(graph, { rows: "target" });
    expect([byTarget.ptr, byTarget.column, byTarget.edge].map((t) => [...t.dataSync()])).toEqual([
      [0, 1, 5, 5, 5],
      [2, 0, 1, 0, 1],
      [3, 0, 1, 2, 4],
    ]);
  });

  test("graphs side by side come apart again, also an empty one", () => {
    const graphs: Graph[] = [
      { ...example(), y: tensor1d([1], "int32") },
      {
        x: tensor2d([], [0, 1]),
        edgeIndex: tensor2d([], [2, 0], "int32"),
        edgeWeight: tensor1d([]),
        edgeAttr: tensor2d([], [0, 1]),
        y: tensor1d([0], "int32"),
      },
      { ...example(), y: tensor1d([2], "int32") },
    ];
    const batch = batchGraphs(graphs);
    expect([...batch.batch.dataSync()]).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
    expect([...batch.ptr.dataSync()]).toEqual([0, 4, 4, 8]);
    expect(batch.numGraphs).toBe(3);
    expect([...edgesOf(batch.edgeIndex).source]).toEqual([0, 1, 0, 2, 1, 4, 5, 4, 6, 5]);
    const apart = unbatchGraphs(batch);
    for (const [i, graph] of apart.entries()) {
      for (const name of ["x", "edgeIndex", "edgeWeight", "edgeAttr", "y"] as const)
        expect(graph[name]?.arraySync(), name).toEqual(graphs[i]?.[name]?.arraySync());
    }
  });

  test("graphs on the host are joined as tensors are", () => {
    const host = (edges: number[], label: number) => ({
      x: { data: Float32Array.of(1, 2), shape: [2, 1] },
      edgeIndex: { data: Int32Array.from(edges), shape: [2, edges.length / 2] },
      y: label,
    });
    const batch = collateGraphs([host([0, 1], 3), host([], 4), host([1, 0, 0, 1], 5)]);
    expect(batch.x).toEqual({ data: Float32Array.of(1, 2, 1, 2, 1, 2), shape: [6, 1] });
    expect(batch.edgeIndex).toEqual({ data: Int32Array.of(0, 5, 4, 1, 4, 5), shape: [2, 3] });
    expect(batch["y"]).toEqual({ data: Int32Array.of(3, 4, 5), shape: [3] });
    expect(batch.batch).toEqual({ data: Int32Array.of(0, 0, 1, 1, 2, 2), shape: [6] });
    expect(batch.ptr).toEqual({ data: Int32Array.of(0, 2, 4, 6), shape: [4] });
  });

  test("wrong parts are typed errors that say what was expected", () => {
    const x = [[1], [2]];
    const wrong: [() => unknown, RegExp][] = [
      [() => graphOf({ x, edgeIndex: [[0.5], [1]] }), /IndexError.*the id 0.5, expected an integer/],
      [() => graphOf({ x, edgeIndex: [[Number.NaN], [1]] }), /IndexError.*the id NaN/],
      [() => graphOf({ x, edgeIndex: [[-1], [1]] }), /IndexError.*the id -1/],
      [() => graphOf({ x, edgeIndex: [[0], [2]] }), /IndexError.*the target 2, expected ids below 2/],
      [() => graphOf({ x, edgeIndex: [[0], [1, 0]] }), /ShapeError.*1 sources and 2 targets/],
      [
        () => graphOf({ x, edgeIndex: tensor2d([[0], [1]]) }),
        /DtypeError.*edgeIndex is float32, expected int32/,
      ],
      [
        () => graphOf({ x, edgeIndex: tensor2d([[0, 1]], [1, 2], "int32") }),
        /ShapeError.*expected \[2, edge\]/,
      ],
      [() => graphOf({ x: [[1], [2, 3]], edgeIndex: [[0], [1]] }), /ShapeError.*row 1 of x has 2 numbers/],
      [() => graphOf({ x: [[Number.NaN]], edgeIndex: [[], []] }), /GraphError.*x has a NaN/],
      [() => graphOf({ x, edgeIndex: [[0], [1]], edgeWeight: [1, 2] }), /ShapeError.*edgeWeight is \[2\]/],
      [() => graphOf({ x, edgeIndex: [[0], [1]], edgeAttr: [[1], [2]] }), /ShapeError.*edgeAttr is \[2, 1\]/],
      [() => graphOf({ x, edgeIndex: [[0], [1]], trainMask: [true] }), /ShapeError.*trainMask is \[1\]/],
      [() => graphOf({ x, edgeIndex: [[0], [1]], batch: [0.5, 0] }), /IndexError.*batch has the id 0.5/],
      [
        () => degree({ edgeIndex: tensor2d([[0], [3]], [2, 1], "int32") }, { numNodes: 2 }),
        /IndexError.*id 3/,
      ],
      [() => addSelfLoops(example(), { fillValue: "sums" as "sum" }), /OptionError.*fillValue is sums/],
      [() => coalesce(example(), { reduce: "last" as "sum" }), /OptionError.*reduce is "last"/],
      [() => graphOf(zachary() as never), /StructError.*x is \{ data, shape \}.*toGraph\(data\)/],
      [() => graphOf(undefined as never), /StructError.*the graph is undefined/],
      [() => graphOf({ x } as never), /StructError.*without edgeIndex/],
      [() => globalMeanPool(tensor2d([[1]]) as never), /StructError.*expected a record \{ x \}/],
      [() => weisfeilerLemanTest({} as never, {} as never), /StructError.*edges is an empty record/],
      [() => batchGraphs([]), /DataError.*no graphs/],
      [
        () => batchGraphs([example(), graphOf({ x, edgeIndex: [[], []] })]),
        /DataError.*graph 0 has edgeWeight/,
      ],
    ];
    for (const [body, message] of wrong) {
      let thrown: unknown;
      try {
        body();
      } catch (error) {
        thrown = error;
      }
      expect(String(thrown)).toMatch(message);
    }
  });

  test("nothing is left in memory", () => {
    const graph = example();
    expect(() => example()).toLeakNothing();
    expect(() => graphOf({ x: [[Number.NaN]], edgeIndex: [[], []] })).toLeakNothing();
    expect(() => addSelfLoops(graph)).toLeakNothing();
    expect(() => addRemainingSelfLoops(graph, { fillValue: "mean" })).toLeakNothing();
    expect(() => removeSelfLoops(graph)).toLeakNothing();
    expect(() => toUndirected(graph)).toLeakNothing();
    expect(() => toCsr(graph)).toLeakNothing();
    expect(() => degree(graph)).toLeakNothing();
    expect(() => batchGraphs([graph, graph])).toLeakNothing();
    const batch = batchGraphs([graph, graph]);
    expect(() => unbatchGraphs(batch)).toLeakNothing();
  });
});
