// PyG's pools: weights of a seed, outputs and gradients in 64 bits, the edges that are left; and the golden cases of pooling.
import { gradient, loadWeights, Rng, torchStateOf, trainable, valueAndGradients } from "@pellucid/core-train";
import {
  ASAPooling,
  denseDiffPool,
  EdgePooling,
  globalAddPool,
  globalMaxPool,
  globalMeanPool,
  globalSortPool,
  type Graph,
  graphOf,
  Set2Set,
  toDense,
  TopKPooling,
} from "@pellucid/gnn";
import { checkGradient, fixture } from "@pellucid/testing";
import {
  mul,
  sin,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { keptCount } from "../src/pool/select-top-k.ts";
import { graphOfPool, makePool, type PoolCase, waves } from "./rows/pools.ts";

interface Golden {
  readonly id: string;
  readonly kind: string;
  readonly tolerance: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly right: any;
}

const cases = fixture<PoolCase[]>(import.meta.url, "../fixtures/torch/pools.json");
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/pooling.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind).map((c) => [c.id, c] as const);
/** Four times the error of one rounding in sums of these sizes. */
const close = { rtol: 2e-5, atol: 5e-6 };

/** Edges sorted, with their weights to 4 digits: PyG leaves those of products of sparse matrices in no order. */
function sortedEdges(
  [sources, targets]: readonly [number[], number[]],
  weights: ArrayLike<number> | null,
): string[] {
  return sources
    .map((u, e) => `${u} ${targets[e]} ${weights === null ? "" : (weights[e] as number).toPrecision(4)}`)
    .toSorted();
}

function weightedEdges(pooled: Readonly<Record<string, Tensor | number | undefined>>): string[] {
  const ends = (pooled["edgeIndex"] as Tensor).arraySync() as [number[], number[]];
  const weights = pooled["edgeWeight"] as Tensor | undefined;
  return sortedEdges(ends, weights?.dataSync() ?? null);
}

const expectedEdges = (c: PoolCase) => sortedEdges(c.edgeIndex as [number[], number[]], c.edgeWeight ?? null);

describe.each(cases.map((c, i) => [`${c.name} ${i}`, c] as const))("%s", (_, c) => {
  it("has PyG's weights, output and gradients", async () => {
    const { layer, forward } = makePool(c);
    const state = await torchStateOf(layer);
    expect(Object.keys(state)).toEqual(Object.keys(c.state));
    for (const [name, { data }] of Object.entries(c.state))
      expect(state[name] ?? [], name).toBeAllclose(data, { rtol: 2e-7 });
    const graph = graphOfPool(c);
    const pooled = forward(graph);
    expect(pooled.x).toBeAllclose(c.out, close);
    if (c.name === "ASAPooling") expect(weightedEdges(pooled)).toEqual(expectedEdges(c));
    else if (c.edgeIndex !== undefined)
      expect([...(pooled["edgeIndex"] as Tensor).dataSync()]).toEqual(c.edgeIndex.flat());
    for (const name of ["batch", "perm", "cluster"] as const)
      if (c[name] !== undefined) expect([...(pooled[name] as Tensor).dataSync()], name).toEqual(c[name]);
    for (const name of ["score", "edgeAttr"] as const)
      if (c.name !== "EdgePooling" && Array.isArray(c[name]))
        expect(pooled[name] as Tensor, name).toBeAllclose(c[name], close);
    if (layer instanceof EdgePooling)
      expect(layer.unpool(pooled.x as never, pooled as never)).toBeAllclose(c.unpooled as number[], close);
    const weighted = (x: Tensor) => sum(mul(x, tensor(waves(x.size, 0.3), x.shape)));
    expect(gradient((x: Graph["x"]) => weighted(forward({ ...graph, x }).x))(graph.x)).toBeAllclose(
      c.gradient,
      close,
    );
    const { gradients } = valueAndGradients(trainable(layer), () => weighted(forward(graph).x));
    for (const [path, parameter] of layer.namedParameters()) {
      const name = path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const found = gradients[path] as Tensor;
      const inTorch = parameter.rank === 2 && name.includes("lin") ? transpose(found) : found;
      expect(inTorch, path).toBeAllclose(c.parameterGradients[name] as number[], close);
    }
    layer.dispose();
  });
});

describe("TopKPooling", () => {
  it.each(ofKind("topk-how-many"))("%s", (_, { input, right }) => {
    expect(input.nodesPerGraph.map((n: number) => keptCount(input.ratio, n))).toEqual(right.kept);
    const layer = new TopKPooling(1, { rng: new Rng(0), ratio: input.ratio });
    const nodes = input.nodesPerGraph.reduce((a: number, b: number) => a + b);
    const batch = input.nodesPerGraph.flatMap((n: number, i: number) => Array<number>(n).fill(i));
    const graph = graphOf({
      x: tensor2d(waves(nodes, 0), [nodes, 1]),
      edgeIndex: [[], []],
      batch: Int32Array.from(batch),
    });
    const found = layer.forward(graph).batch.dataSync();
    expect(right.kept.map((_: number, i: number) => found.filter((of) => of === i).length)).toEqual(
      right.kept,
    );
  });

  it.each(ofKind("topk-pool"))("%s", (_, { input, right }) => {
    const layer = new TopKPooling(2, {
      rng: new Rng(0),
      ratio: input.ratio,
      ...(input.minScore === null ? {} : { minScore: input.minScore }),
    });
    loadWeights(layer, { "select.weight": { data: Float32Array.from(input.weight.flat()), shape: [1, 2] } });
    const { x, edgeIndex, batch, perm, score } = layer.forward(
      graphOf({ x: input.x, edgeIndex: input.edgeIndex, batch: Int32Array.from(input.batch) }),
    );
    expect([...perm.dataSync()]).toEqual(right.perm);
    expect([...batch.dataSync()]).toEqual(right.batch);
    expect([...edgeIndex.dataSync()]).toEqual(right.edgeIndex.flat());
    expect(x).toBeAllclose(right.x.flat(), close);
    expect(score).toBeAllclose(right.score, close);
  });

  it("keeps a graph without nodes, one node, and one graph without a batch", () => {
    const layer = new TopKPooling(1, { rng: new Rng(0) });
    const pooled = layer.forward(
      graphOf({ x: [[1], [2]], edgeIndex: [[0], [1]], batch: Int32Array.of(0, 2), numGraphs: 4 }),
    );
    expect(pooled.numGraphs).toBe(4);
    expect([...pooled.batch.dataSync()]).toEqual([0, 2]);
    expect(layer.forward(graphOf({ x: [[1], [2], [3]], edgeIndex: [[0], [1]] })).x.shape).toEqual([2, 1]);
    expect(() => layer.forward(graphOf({ x: [[1, 2]], edgeIndex: [[], []] }))).toThrow(
      "TopKPooling(1): x is [1, 2]",
    );
  });
});

describe("pools of whole graphs", () => {
  it.each(ofKind("batch-unsorted-empty-graph"))("%s", (_, { input, right }) => {
    const nodes = { x: tensor2d(input.x), batch: tensor1d(input.batch, "int32"), numGraphs: input.size };
    expect(globalAddPool(nodes)).toBeAllclose(right.sum.flat(), close);
    expect(globalMeanPool(nodes)).toBeAllclose(right.mean.flat(), close);
    expect(globalMaxPool(nodes)).toBeAllclose(right.max.flat(), close);
  });

  it.each(ofKind("sort-pool"))("%s", (_, { input, right }) => {
    expect(
      globalSortPool({ x: tensor2d(input.x), batch: tensor1d(input.batch, "int32") }, input.k),
    ).toBeAllclose(right.out.flat(), close);
  });

  it("take nodes without a batch as one graph, and leak nothing", () => {
    const x = tensor2d([
      [1, 2],
      [3, 5],
    ]);
    expect(globalMeanPool({ x })).toBeAllclose([2, 3.5]);
    expect(() => globalAddPool({ x })).toLeakNothing();
    expect(() => globalSortPool({ x }, 3)).toLeakNothing();
    expect(() => globalSortPool({ x }, 0)).toThrow("k is 0");
    expect(() => globalMaxPool({ x, batch: tensor1d([0, 4], "int32"), numGraphs: 2 })).toThrow(
      "expected 0 to 1",
    );
  });
});

describe("Set2Set", () => {
  it.each(ofKind("set2set-order"))("%s", (_, { input, right }) => {
    const layer = new Set2Set(2, input.steps, { rng: new Rng(0) });
    const state = Object.entries(input.stateDict as Record<string, number[] | number[][]>).map(
      ([name, values]) => [
        name,
        {
          data: Float32Array.from(values.flat()),
          shape: Array.isArray(values[0]) ? [values.length, values[0].length] : [values.length],
        },
      ],
    );
    loadWeights(layer, Object.fromEntries(state));
    expect(layer.forward({ x: tensor2d(input.x), index: tensor1d(input.batch, "int32") })).toBeAllclose(
      right.out.flat(),
      close,
    );
  });
});

describe("DiffPool", () => {
  it.each(ofKind("diffpool-losses"))("%s", (_, { input, right }) => {
    const { x, adj, linkLoss, entropyLoss } = denseDiffPool({
      x: tensor3d(input.x),
      adj: tensor3d(input.adj),
      s: tensor3d(input.s),
      mask: tensor2d(input.mask),
    });
    expect(x).toBeAllclose(right.x.flat(2), close);
    expect(adj).toBeAllclose(right.adj.flat(2), close);
    expect(linkLoss).toBeAllclose([right.linkLoss], close);
    expect(entropyLoss).toBeAllclose([right.entropyLoss], close);
  });

  it("ASAP's new weights have the gradient that finite differences give", () => {
    const c = cases.find(({ name, weighted }) => name === "ASAPooling" && weighted) as PoolCase;
    const layer = new ASAPooling(3, { rng: new Rng(0) });
    const graph = graphOfPool(c);
    const f = (edgeWeight: Tensor) =>
      tidy(() => sin(layer.forward({ ...graph, edgeWeight: edgeWeight as never }).edgeWeight as Tensor));
    checkGradient(f, graph.edgeWeight as Tensor);
  });

  it("toDense pads graphs, adds duplicate edges up, and its gradient reaches nodes and weights", () => {
    const graph = graphOf({
      x: [[1], [2], [3]],
      edgeIndex: [
        [0, 0, 2],
        [1, 1, 2],
      ],
      edgeWeight: [0.5, 0.25, 2],
      batch: Int32Array.of(0, 0, 1),
    });
    const { x, adj, mask } = toDense(graph);
    expect([...x.dataSync()]).toEqual([1, 2, 3, 0]);
    expect([...adj.dataSync()]).toEqual([0, 0.75, 0, 0, 2, 0, 0, 0]);
    expect([...mask.dataSync()]).toEqual([1, 1, 1, 0]);
    const weights = gradient((edgeWeight: Tensor) =>
      tidy(() => sum(sin(toDense({ ...graph, edgeWeight: edgeWeight as never }).adj))),
    )(graph.edgeWeight as Tensor);
    expect(weights).toBeAllclose([Math.cos(0.75), Math.cos(0.75), Math.cos(2)], close);
    expect(() => toDense(graph, { maxNodes: 1 })).toThrow("maxNodes is 1, expected 2 or more");
  });
});
