// Conventions of convolutions at their edges: PyG's numbers for loops, duplicates, isolated nodes, negative degrees, dropout.
import { useBackend } from "@pellucid/backends";
import {
  capture,
  gradient,
  type HostTensor,
  loadWeights,
  type Module,
  Rng,
  training,
} from "@pellucid/core-train";
import {
  APPNP,
  ChebConv,
  GATConv,
  GATv2Conv,
  GCNConv,
  graphOf,
  RGCNConv,
  SAGEConv,
  TAGConv,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { sum, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Golden {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own fields
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own fields
  readonly right: any;
  readonly tolerance: number;
}

const all = fixture<Golden[]>(import.meta.url, "../fixtures/golden/layers.json");
const golden = (kind: string) => all.filter((c) => c.kind === kind);
const rng = new Rng(0);

type Nested = readonly (number | Nested)[];

/** A nested list as a tensor on the host. */
function host(values: Nested): HostTensor {
  const shape: number[] = [];
  for (let at: number | Nested = values; Array.isArray(at); at = at[0] as number | Nested)
    shape.push(at.length);
  return { data: Float32Array.from((values as number[]).flat(Infinity) as number[]), shape };
}

function load<M extends Module>(layer: M, state: Readonly<Record<string, Nested>>): M {
  loadWeights(layer, Object.fromEntries(Object.entries(state).map(([name, values]) => [name, host(values)])));
  return layer;
}

/** 32 bits hold numbers near 1 to 1e-7, and these layers take sums of a few. */
const within = { rtol: 4e-6, atol: 2e-6 };
const flat = (rows: readonly (readonly (number | string)[])[]) => rows.flat().map(Number);

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(golden("gcn-loops-duplicates-isolated"))("$id", ({ input, right }) => {
    const layer = load(new GCNConv(2, 2, { rng, ...input.options }), {
      "lin.weight": input.weight,
      bias: input.bias,
    });
    const graph = graphOf({
      x: input.x,
      edgeIndex: input.edgeIndex,
      ...(input.edgeWeight !== null && { edgeWeight: input.edgeWeight }),
    });
    expect(layer.forward(graph)).toBeAllclose(flat(right.out), within);
  });

  test.each(golden("gcn-negative-degree"))("$id", ({ input, right }) => {
    const layer = load(new GCNConv(1, 1, { rng, bias: false }), { "lin.weight": input.weight });
    const graph = graphOf({ x: input.x, edgeIndex: input.edgeIndex, edgeWeight: input.edgeWeight });
    expect(layer.forward(graph)).toBeAllclose(flat(right.pyg), within);
  });

  test.each(golden("cheb-lambda"))("$id", ({ input, right }) => {
    const { x, edgeIndex, edgeWeight, K, normalization, lambdaMax, batch, weights } = input;
    const [out, features] = [weights[0].length, weights[0][0].length];
    const layer = load(
      new ChebConv(features, out, K, { rng, normalization, bias: false }),
      Object.fromEntries(weights.map((weight: Nested, k: number) => [`lins.${k}.weight`, weight])),
    );
    const graph = graphOf({
      x,
      edgeIndex,
      ...(edgeWeight !== null && { edgeWeight }),
      ...(batch !== null && { batch }),
    });
    const found = layer.forward({
      ...graph,
      lambdaMax: lambdaMax === null ? undefined : tensor1d(lambdaMax),
    });
    expect(found).toBeAllclose(flat(right.out), within);
  });

  test.each(golden("tag-no-loops"))("$id", ({ input, right }) => {
    const state = input.weights.map((weight: Nested, k: number) => [`lins.${k}.weight`, weight]);
    const layer = load(new TAGConv(1, 1, { rng, K: input.K, bias: false }), Object.fromEntries(state));
    expect(layer.forward(graphOf({ x: input.x, edgeIndex: input.edgeIndex }))).toBeAllclose(
      flat(right.out),
      within,
    );
  });

  test.each(golden("appnp"))("$id", ({ input, right }) => {
    const { K, alpha, dropout, manualSeed } = input;
    const layer = new APPNP(K, alpha, { rng: new Rng(manualSeed ?? 0), dropout });
    const graph = graphOf({ x: input.x, edgeIndex: input.edgeIndex });
    const found = manualSeed === null ? layer.forward(graph) : training(layer, () => layer.forward(graph));
    expect(found).toBeAllclose(flat(right.out), within);
  });

  test.each(golden("rgcn-mean-per-relation"))("$id", ({ input, right }) => {
    const { numRelations, numBases, stateDict } = input;
    const layer = load(
      new RGCNConv(2, 2, numRelations, { rng, ...(numBases !== null && { numBases }) }),
      stateDict,
    );
    const graph = graphOf({ x: input.x, edgeIndex: input.edgeIndex });
    const found = layer.forward({ ...graph, edgeType: tensor1d(input.edgeType, "int32") });
    expect(found).toBeAllclose(flat(right.out), within);
  });

  test.each(golden("sage-normalize-zero-row"))("$id", ({ input, right }) => {
    const layer = load(new SAGEConv(2, 2, { rng, normalize: true }), input.stateDict);
    const graph = graphOf({ x: input.x, edgeIndex: input.edgeIndex });
    expect(layer.forward(graph)).toBeAllclose(flat(right.out), within);
    const found = gradient((x: Tensor2D) => sum(layer.forward({ ...graph, x })))(graph.x);
    expect(found).toBeAllclose(flat(right.grad), within);
  });

  test.each(golden("gat-loop-edge-features"))("$id", ({ input, right }) => {
    const { conv, heads, fillValue, stateDict } = input;
    const Conv = { GATConv, GATv2Conv }[conv as "GATConv" | "GATv2Conv"];
    const layer = load(
      new Conv(2, 1, { rng, heads, fillValue, edgeDim: input.edgeAttr[0].length }),
      stateDict,
    );
    const graph = graphOf({ x: input.x, edgeIndex: input.edgeIndex, edgeAttr: input.edgeAttr });
    expect(layer.forward(graph)).toBeAllclose(flat(right.out), within);
    const attention = capture(layer.attention, () => layer.forward(graph));
    expect(attention.edgeIndex.arraySync()).toEqual(right.edgeIndex);
    expect(attention.weights).toBeAllclose(flat(right.alpha), within);
  });
});

test("each kind of case for layers is tested", () => {
  const elsewhere = [
    "aggregations-empty-single-constant",
    "batch-unsorted-empty-graph",
    "norms-singletons-batch",
    "pna-scalers-degree-zero",
    "scatter-extreme-ties-negative-empty",
    "set2set-order",
    "softmax-per-target-far-apart",
    "to-undirected-weights",
  ];
  const here = [
    "gcn-loops-duplicates-isolated",
    "gcn-negative-degree",
    "cheb-lambda",
    "tag-no-loops",
    "appnp",
    "rgcn-mean-per-relation",
    "sage-normalize-zero-row",
    "gat-loop-edge-features",
  ];
  expect([...new Set(all.map(({ kind }) => kind))].toSorted()).toEqual([...elsewhere, ...here].toSorted());
});
