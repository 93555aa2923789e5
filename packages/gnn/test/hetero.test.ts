// Typed graphs: checks, batches, conversion, sampled neighbors.
import { loadWeights, Rng, torchStateOf } from "@pellucid/core-train";
import {
  batchHeteroGraphs,
  checkHeteroGraph,
  graphBatches,
  HeteroConv,
  type HeteroData,
  type HeteroGraph,
  heteroNeighborSampler,
  relationName,
  SAGEConv,
  toHomogeneous,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { memory, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

const edges = (sources: number[], targets: number[]) =>
  tensor2d([...sources, ...targets], [2, sources.length], "int32");
const typed = (): HeteroGraph => ({
  x: {
    author: tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    paper: tensor2d([
      [7, 8],
      [9, 10],
    ]),
  },
  edgeIndex: {
    author__writes__paper: edges([0, 1, 2], [0, 0, 1]),
    paper__cites__paper: edges([1], [0]),
  },
  y: { paper: tensor1d([0, 1], "int32") },
});

describe("a typed graph", () => {
  it("names relations, and refuses names that are not ones", () => {
    expect(relationName(["a", "to", "b"])).toBe("a__to__b");
    expect(() => checkHeteroGraph("f", { ...typed(), edgeIndex: { writes: edges([], []) } })).toThrow(
      'a relation is "writes", expected source__name__target',
    );
  });

  it("refuses types, nodes and tensors that do not fit", () => {
    const graph = typed();
    expect(() =>
      checkHeteroGraph("f", { ...graph, edgeIndex: { author__to__venue: edges([0], [0]) } }),
    ).toThrow("has the type venue, expected one of author, paper");
    expect(() =>
      checkHeteroGraph("f", { ...graph, edgeIndex: { author__to__paper: edges([0], [2]) } }),
    ).toThrow("target 2");
    expect(() => checkHeteroGraph("f", { ...graph, y: { venue: tensor1d([0]) } })).toThrow(
      "y has the type venue",
    );
    expect(() => checkHeteroGraph("f", { ...graph, batch: { paper: tensor1d([0], "int32") } })).toThrow(
      "batch of paper",
    );
  });

  it("is batched with offsets by type", () => {
    const empty: HeteroGraph = {
      x: { author: tensor2d([], [0, 2]), paper: tensor2d([[0, 0]]) },
      edgeIndex: { author__writes__paper: edges([], []), paper__cites__paper: edges([0], [0]) },
      y: { paper: tensor1d([1], "int32") },
    };
    const batch = batchHeteroGraphs([typed(), empty, typed()]);
    expect([...(batch.edgeIndex["author__writes__paper"]?.dataSync() ?? [])]).toEqual([
      0, 1, 2, 3, 4, 5, 0, 0, 1, 3, 3, 4,
    ]);
    expect([...(batch.edgeIndex["paper__cites__paper"]?.dataSync() ?? [])]).toEqual([1, 2, 4, 0, 2, 3]);
    expect([...(batch.batch["author"]?.dataSync() ?? [])]).toEqual([0, 0, 0, 2, 2, 2]);
    expect([...(batch.y?.["paper"]?.dataSync() ?? [])]).toEqual([0, 1, 1, 0, 1]);
    expect(batch.numGraphs).toBe(3);
    const { y: _, ...other } = typed();
    expect(() => batchHeteroGraphs([typed(), other])).toThrow("y of graph 1 has nothing, expected paper");
    expect(() => batchHeteroGraphs([])).toThrow("there are no graphs");
    expect(() => batchHeteroGraphs([batch, batch])).toLeakNothing();
  });

  it("becomes one graph with types as numbers", () => {
    const { x, edgeIndex, nodeType, edgeType } = toHomogeneous(typed());
    expect([...x.dataSync()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...edgeIndex.dataSync()]).toEqual([0, 1, 2, 4, 3, 3, 4, 3]);
    expect([...nodeType.dataSync()]).toEqual([0, 0, 0, 1, 1]);
    expect([...edgeType.dataSync()]).toEqual([0, 0, 0, 1]);
    const { x: given, ...rest } = typed();
    expect(() => toHomogeneous({ ...rest, x: { ...given, paper: tensor2d([[1], [2]]) } })).toThrow(
      "the types have 2, 1 features",
    );
  });
});

describe("HeteroConv", () => {
  interface Golden {
    readonly id: string;
    // oxlint-disable-next-line typescript/no-explicit-any -- as the case has it
    readonly input: any;
    readonly right: { readonly a?: number[][]; readonly b: number[][] };
  }
  const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/hetero.json");
  it.each(golden.map((c) => [c.id, c] as const))("%s", async (_, { input, right }) => {
    const rng = new Rng(0);
    const conv = new HeteroConv({
      a__to__b: new SAGEConv([2, 2], 2, { rng }),
      b__rev__a: new SAGEConv([2, 2], 2, { rng }),
    });
    const state = Object.entries(input.stateDict as Record<string, number[] | number[][]>).map(
      ([name, values]) => [
        name,
        {
          data: Float32Array.from(values.flat()),
          shape: Array.isArray(values[0]) ? [values.length, values[0].length] : [values.length],
        },
      ],
    );
    loadWeights(conv, Object.fromEntries(state));
    expect(Object.keys(await torchStateOf(conv))).toEqual(Object.keys(input.stateDict));
    const out = conv.forward({
      x: { a: tensor2d(input.xa), b: tensor2d(input.xb) },
      edgeIndex: {
        a__to__b: edges(input.aToB[0], input.aToB[1]),
        ...(input.bToA === "empty" && { b__rev__a: edges([], []) }),
      },
    });
    expect(Object.keys(out).toSorted()).toEqual(Object.keys(right).toSorted());
    for (const [type, rows] of Object.entries(right))
      expect(out[type] as Tensor).toBeAllclose(rows.flat(), { atol: 1e-6 });
  });

  it("adds, averages, joins or stacks what several relations compute", () => {
    const rng = new Rng(1);
    const convs = () => ({ a__x__b: new SAGEConv([1, 1], 2, { rng }), b__y__b: new SAGEConv(1, 2, { rng }) });
    const graph: HeteroGraph = {
      x: { a: tensor2d([[1], [2]]), b: tensor2d([[3], [4]]) },
      edgeIndex: { a__x__b: edges([0, 1], [0, 1]), b__y__b: edges([0], [1]) },
    };
    const parts = convs();
    const forward = (aggr: "sum" | "mean" | "max" | "min" | "cat" | null) =>
      new HeteroConv(parts, { aggr }).forward(graph)["b"] as Tensor;
    const [first, second] = (forward(null).arraySync() as number[][][]).reduce<[number[], number[]]>(
      ([one, two], [x, y]) => [
        [...one, ...(x ?? [])],
        [...two, ...(y ?? [])],
      ],
      [[], []],
    );
    const both = (f: (x: number, y: number) => number) => first.map((x, i) => f(x, second[i] as number));
    expect(forward("sum")).toBeAllclose(both((x, y) => x + y));
    expect(forward("mean")).toBeAllclose(both((x, y) => (x + y) / 2));
    expect(forward("max")).toBeAllclose(both(Math.max));
    expect(forward("min")).toBeAllclose(both(Math.min));
    expect(forward("cat").shape).toEqual([2, 4]);
    expect(() => forward("sum")).toLeakNothing();
    expect(() => new HeteroConv({})).toThrow("convs is empty");
    expect(() => new HeteroConv({ ab: new SAGEConv(1, 1, { rng }) })).toThrow('a relation is "ab"');
  });
});

describe("heteroNeighborSampler", () => {
  const host = (values: number[], width: number) => ({
    data: Float32Array.from(values),
    shape: [values.length / width, width],
  });
  const index = (sources: number[], targets: number[]) => ({
    data: Int32Array.from([...sources, ...targets]),
    shape: [2, sources.length],
  });
  const rng = new Rng(0);
  const pairs = Array.from({ length: 60 }, () => [rng.uint32() % 20, rng.uint32() % 12]);
  const data: HeteroData = {
    x: {
      author: host(
        Array.from({ length: 20 }, (_, i) => i),
        1,
      ),
      paper: host(
        Array.from({ length: 24 }, (_, i) => i),
        2,
      ),
    },
    edgeIndex: {
      author__writes__paper: index(
        pairs.map(([a]) => a as number),
        pairs.map(([, p]) => p as number),
      ),
      paper__by__author: index(
        pairs.map(([, p]) => p as number),
        pairs.map(([a]) => a as number),
      ),
    },
    y: { paper: { data: Int32Array.from({ length: 12 }, (_, p) => p % 3), shape: [12] } },
  };

  it("keeps fan-outs, and every edge exists", () => {
    const sampler = heteroNeighborSampler(data, [3, 2], { type: "paper" });
    const found = sampler.gather(Int32Array.of(4, 7, 4), new Rng(1));
    expect([...found.seeds.data]).toEqual([0, 1, 0]);
    const known = new Set(pairs.map(([a, p]) => `${a} ${p}`));
    const edgeIndex = found.edgeIndex["author__writes__paper"] as {
      data: Int32Array;
      shape: readonly number[];
    };
    const count = edgeIndex.shape[1] as number;
    const perSeed = new Map<number, number>();
    for (let e = 0; e < count; e++) {
      const [source, target] = [edgeIndex.data[e] as number, edgeIndex.data[count + e] as number];
      expect(known.has(`${found.nodes["author"]?.data[source]} ${found.nodes["paper"]?.data[target]}`)).toBe(
        true,
      );
      perSeed.set(target, (perSeed.get(target) ?? 0) + 1);
    }
    for (const seed of [0, 1]) {
      const degree = pairs.filter(([, p]) => p === found.nodes["paper"]?.data[seed]).length;
      expect(perSeed.get(seed) ?? 0).toBe(Math.min(3, degree));
    }
    expect(found.x["author"]?.data).toEqual(Float32Array.from(found.nodes["author"]?.data ?? []));
  });

  it("gives batches of tensors, with counts for each relation, and leaks nothing", async () => {
    const fanOut = { author__writes__paper: [-1], paper__by__author: [0] };
    const sampler = heteroNeighborSampler(data, fanOut, { type: "paper", nodes: [1, 2, 3] });
    const before = memory().numTensors;
    for await (const batch of graphBatches(sampler, { size: 2, rng: new Rng(0), shuffle: true })) {
      expect(batch.edgeIndex["paper__by__author"]?.shape[1]).toBe(0);
      checkHeteroGraph("test", batch);
    }
    expect(memory().numTensors).toBe(before);
    expect(() => heteroNeighborSampler(data, [1], { type: "venue" })).toThrow(
      "type is venue, expected one of author, paper",
    );
    expect(() => heteroNeighborSampler(data, { author__writes__paper: [1] }, { type: "paper" })).toThrow(
      "counts for paper__by__author too",
    );
    expect(() => heteroNeighborSampler(data, [1], { type: "paper", nodes: [12] })).toThrow("the seed is 12");
  });
});
