// Typed graphs: checks, batches, conversion, sampled neighbors.
import { Rng } from "@pellucid/core-train";
import {
  batchHeteroGraphs,
  checkHeteroGraph,
  graphBatches,
  type HeteroData,
  type HeteroGraph,
  heteroNeighborSampler,
  relation,
  toHomogeneous,
} from "@pellucid/gnn";
import { memory, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

const edges = (sources: number[], targets: number[]) => ({
  edgeIndex: tensor2d([...sources, ...targets], [2, sources.length], "int32"),
});
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
  edges: {
    author___writes___paper: edges([0, 1, 2], [0, 0, 1]),
    paper___cites___paper: edges([1], [0]),
  },
  y: { paper: tensor1d([0, 1], "int32") },
});

describe("a typed graph", () => {
  it("names relations, and refuses names that are not ones", () => {
    expect(relation("a", "to", "b")).toBe("a___to___b");
    expect(() => relation("a___", "to", "b")).toThrow('a name is "a___"');
    expect(() => checkHeteroGraph("f", { ...typed(), edges: { writes: edges([], []) } })).toThrow(
      'a relation is "writes", expected source___name___target',
    );
  });

  it("refuses types, nodes and tensors that do not fit", () => {
    const graph = typed();
    expect(() =>
      checkHeteroGraph("f", { ...graph, edges: { author___to___venue: edges([0], [0]) } }),
    ).toThrow("has the type venue, expected one of author, paper");
    expect(() =>
      checkHeteroGraph("f", { ...graph, edges: { author___to___paper: edges([0], [2]) } }),
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
      edges: { author___writes___paper: edges([], []), paper___cites___paper: edges([0], [0]) },
      y: { paper: tensor1d([1], "int32") },
    };
    const batch = batchHeteroGraphs([typed(), empty, typed()]);
    expect([...(batch.edges["author___writes___paper"]?.edgeIndex.dataSync() ?? [])]).toEqual([
      0, 1, 2, 3, 4, 5, 0, 0, 1, 3, 3, 4,
    ]);
    expect([...(batch.edges["paper___cites___paper"]?.edgeIndex.dataSync() ?? [])]).toEqual([
      1, 2, 4, 0, 2, 3,
    ]);
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

describe("heteroNeighborSampler", () => {
  const host = (values: number[], width: number) => ({
    data: Float32Array.from(values),
    shape: [values.length / width, width],
  });
  const index = (sources: number[], targets: number[]) => ({
    edgeIndex: { data: Int32Array.from([...sources, ...targets]), shape: [2, sources.length] },
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
    edges: {
      author___writes___paper: index(
        pairs.map(([a]) => a as number),
        pairs.map(([, p]) => p as number),
      ),
      paper___by___author: index(
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
    const { edgeIndex } = found.edges["author___writes___paper"] as {
      edgeIndex: { data: Int32Array; shape: readonly number[] };
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
    const fanOut = { author___writes___paper: [-1], paper___by___author: [0] };
    const sampler = heteroNeighborSampler(data, fanOut, { type: "paper", nodes: [1, 2, 3] });
    const before = memory().numTensors;
    for await (const batch of graphBatches(sampler, { size: 2, rng: new Rng(0), shuffle: true })) {
      expect(batch.edges["paper___by___author"]?.edgeIndex.shape[1]).toBe(0);
      checkHeteroGraph("test", batch);
    }
    expect(memory().numTensors).toBe(before);
    expect(() => heteroNeighborSampler(data, [1], { type: "venue" })).toThrow(
      "type is venue, expected one of author, paper",
    );
    expect(() => heteroNeighborSampler(data, { author___writes___paper: [1] }, { type: "paper" })).toThrow(
      "counts for paper___by___author too",
    );
    expect(() => heteroNeighborSampler(data, [1], { type: "paper", nodes: [12] })).toThrow("the seed is 12");
  });
});
