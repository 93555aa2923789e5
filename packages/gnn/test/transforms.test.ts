// Transforms with PyG's numbers, and the properties of random ones.
import { Rng } from "@pellucid/core-train";
import {
  erdosRenyi,
  gdc,
  type GraphData,
  type HostEdges,
  laplacianEigen,
  laplacianEncoding,
  negativeSampling,
  normalizeFeatures,
  randomLinkSplit,
  randomNodeSplit,
  randomWalkEncoding,
  zachary,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly right: any;
}

const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/transforms.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind).map((c) => [c.id, c] as const);
// oxlint-disable-next-line typescript/no-explicit-any -- as transforms.py writes it
const torch = fixture<any>(import.meta.url, "../fixtures/torch/transforms.json");

const undirected = (pairs: readonly [number, number][], numNodes: number): HostEdges => ({
  numNodes,
  sources: Int32Array.from(pairs.flatMap(([u, v]) => [u, v])),
  targets: Int32Array.from(pairs.flatMap(([u, v]) => [v, u])),
});

function dataOf({ sources, targets, numNodes }: HostEdges, more: Partial<GraphData> = {}): GraphData {
  return {
    x: { data: new Float32Array(numNodes), shape: [numNodes, 1] },
    edgeIndex: { data: Int32Array.from([...sources, ...targets]), shape: [2, sources.length] },
    ...more,
  };
}

const [sources, targets] = torch.edgeIndex as [number[], number[]];
const edges: HostEdges = {
  numNodes: torch.numNodes,
  sources: Int32Array.from(sources),
  targets: Int32Array.from(targets),
  weights: Float32Array.from(torch.weight),
};

describe("gdc", () => {
  const names = {
    self_loop_weight: "selfLoopWeight",
    normalization_in: "normalizationIn",
    normalization_out: "normalizationOut",
    diffusion_kwargs: "diffusion",
    sparsification_kwargs: "sparsification",
  };
  it.each(
    (torch.gdc as { options: Record<string, unknown>; dense: number[] }[]).map((c, i) => [i, c] as const),
  )("agrees with PyG: case %i", (_, { options, dense }) => {
    const given = Object.fromEntries(
      Object.entries(options).map(([name, value]) => {
        if (typeof value !== "object" || value === null) return [names[name as keyof typeof names], value];
        const { avg_degree: avgDegree, dim: _dim, ...rest } = value as Record<string, unknown>;
        return [
          names[name as keyof typeof names],
          { ...rest, ...(avgDegree === undefined ? {} : { avgDegree }) },
        ];
      }),
    );
    const weight = { data: edges.weights as Float32Array<ArrayBuffer>, shape: [sources.length] };
    const { edgeIndex, edgeWeight } = gdc(dataOf(edges, { edgeWeight: weight }), given);
    const found = new Float32Array(edges.numNodes ** 2);
    const count = edgeIndex.shape[1] as number;
    for (let e = 0; e < count; e++)
      found[(edgeIndex.data[e] as number) * edges.numNodes + (edgeIndex.data[count + e] as number)] =
        edgeWeight.data[e] as number;
    expect(found).toBeAllclose(dense, { rtol: 1e-6, atol: 1e-7 });
  });

  it("refuses diffusions that do not exist", () => {
    expect(() => gdc(zachary(), { diffusion: { method: "ppr", alpha: 2 } })).toThrow("alpha is 2");
    expect(() => gdc(zachary(), { diffusion: { method: "wave" } as never })).toThrow('diffusion is "wave"');
    expect(() => gdc(zachary(), { sparsification: { method: "topk", k: 0 } })).toThrow("k is 0");
  });
});

describe("positional encodings", () => {
  it.each(ofKind("positional-encodings"))("%s", (_, { input, right }) => {
    const graph = undirected(input.undirected, input.n);
    expect(randomWalkEncoding(graph, input.steps).data).toBeAllclose(right.randomWalk.flat(), { atol: 1e-7 });
    expect(laplacianEigen(graph).values).toBeAllclose(right.laplacianEigenvalues, { atol: 1e-7 });
  });

  it("the random walk's agrees with PyG for directed edges, and counts loops as steps", () => {
    const { weights: _, ...plain } = edges;
    expect(randomWalkEncoding(plain, 5).data).toBeAllclose(torch.randomWalk.flat(), { atol: 1e-7 });
    const loop = { numNodes: 1, sources: Int32Array.of(0), targets: Int32Array.of(0) };
    expect([...randomWalkEncoding(loop, 3).data]).toEqual([1, 1, 1]);
  });

  it("the Laplacian's are eigenvectors, of length 1 and at right angles", () => {
    const graph = erdosRenyi(30, 0.2, { rng: new Rng(0) });
    const { values, vectors } = laplacianEigen({ ...graph });
    expect(values[0]).toBeCloseTo(0, 9);
    const { data, shape } = laplacianEncoding(graph, 4);
    expect(shape).toEqual([30, 4]);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        let product = 0;
        for (let v = 0; v < 30; v++) product += (data[v * 4 + a] as number) * (data[v * 4 + b] as number);
        expect(product).toBeCloseTo(Number(a === b), 5);
      }
    expect(Math.abs(vectors[1]?.[3] as number)).toBeCloseTo(Math.abs(data[3 * 4] as number), 6);
    expect(() => laplacianEncoding(graph, 30)).toThrow("k is 30, expected fewer than the 30 nodes");
  });
});

describe("splits of nodes", () => {
  const y = { data: Int32Array.from(torch.y as number[]), shape: [12] };
  const graph = dataOf({ numNodes: 12, sources: new Int32Array(0), targets: new Int32Array(0) }, { y });
  const kinds = { train_rest: "trainRest", random: "random", test_rest: "testRest" } as const;
  it.each(
    (torch.splits as { split: keyof typeof kinds; options: Record<string, number> }[]).map(
      (c) => [c.split, c] as const,
    ),
  )("of %s are PyG's for its seed", (_, c) => {
    const { num_val: numVal, num_test: numTest, num_train_per_class: perClass } = c.options;
    const split = randomNodeSplit(graph, {
      rng: new Rng(5),
      split: kinds[c.split],
      ...(numVal === undefined ? {} : { numVal }),
      ...(numTest === undefined ? {} : { numTest }),
      ...(perClass === undefined ? {} : { numTrainPerClass: perClass }),
    });
    const { train, val, test } = c as unknown as Record<string, number[]>;
    expect([...split.trainMask.data]).toEqual(train);
    expect([...split.valMask.data]).toEqual(val);
    expect([...split.testMask.data]).toEqual(test);
  });

  it("need as many nodes as they are to have", () => {
    expect(() => randomNodeSplit(graph, { rng: new Rng(0) })).toThrow(
      "numVal + numTest is 1500, expected the 12 nodes or fewer",
    );
    expect(() => randomNodeSplit(graph, { rng: new Rng(0), numVal: -1 })).toThrow("numVal is -1");
    const { y: _, ...without } = graph;
    expect(() => randomNodeSplit(without, { rng: new Rng(0), split: "random" })).toThrow("y is not there");
  });
});

describe("splits of edges", () => {
  const pairsOf = ({ data, shape }: GraphData["edgeIndex"]) =>
    Array.from(
      { length: shape[1] as number },
      (_, e) => [data[e] as number, data[(shape[1] as number) + e] as number] as const,
    );
  const unordered = ([u, v]: readonly [number, number]) => `${Math.min(u, v)} ${Math.max(u, v)}`;

  it.each(ofKind("link-split-counts"))("%s", (_, { input, right }) => {
    for (const seed of [0, 1, 2]) {
      const graph = dataOf(undirected(input.undirected, input.n));
      const split = randomLinkSplit(graph, {
        rng: new Rng(seed),
        numVal: input.numVal,
        numTest: input.numTest,
        isUndirected: true,
        addNegativeTrainSamples: false,
      });
      const parts = [split.train, split.val, split.test];
      expect(parts.map(({ edgeIndex }) => edgeIndex.shape[1])).toEqual(right.messageEdges);
      const labels = parts.map(({ edgeLabelIndex, edgeLabel }) =>
        pairsOf(edgeLabelIndex).map((pair, i) => [unordered(pair), edgeLabel.data[i]] as const),
      );
      expect(labels.map((rows) => rows.filter(([, label]) => label === 1).length)).toEqual(right.positives);
      expect(labels.map((rows) => rows.filter(([, label]) => label === 0).length)).toEqual(right.negatives);
      const [train, val, test] = parts.map(({ edgeIndex }) => new Set(pairsOf(edgeIndex).map(unordered)));
      const positives = labels.map((rows) => rows.flatMap(([pair, label]) => (label === 1 ? [pair] : [])));
      expect(val).toEqual(train);
      expect(test).toEqual(new Set([...(train as Set<string>), ...(positives[1] as string[])]));
      for (const pair of [...(positives[1] as string[]), ...(positives[2] as string[])])
        expect(train?.has(pair)).toBe(false);
      const negatives = labels.flatMap((rows) =>
        rows.flatMap(([pair, label]) => (label === 0 ? [pair] : [])),
      );
      const known = new Set(pairsOf(graph.edgeIndex).map(unordered));
      expect(new Set(negatives).size).toBe(negatives.length);
      for (const pair of negatives) {
        expect(known.has(pair)).toBe(false);
        expect(pair.split(" ")[0]).not.toBe(pair.split(" ")[1]);
      }
    }
  });

  it("of directed edges, with negative ones to train on, and some that send no messages", () => {
    const graph = dataOf(erdosRenyi(30, 0.1, { rng: new Rng(0), directed: true }));
    const count = graph.edgeIndex.shape[1] as number;
    const weighted = {
      ...graph,
      edgeWeight: { data: Float32Array.from({ length: count }, (_, e) => e), shape: [count] },
    };
    const { train, val } = randomLinkSplit(weighted, {
      rng: new Rng(1),
      numVal: 5,
      numTest: 0.1,
      disjointTrainRatio: 0.25,
    });
    const numTrain = count - 5 - Math.floor(0.1 * count);
    const apart = Math.floor(0.25 * numTrain);
    expect(train.edgeIndex.shape[1]).toBe(numTrain - apart);
    expect(train.edgeLabel.shape).toEqual([2 * apart]);
    expect(val.edgeLabel.shape).toEqual([10]);
    const first = train.edgeWeight.data[0] as number;
    expect(train.edgeIndex.data[0]).toBe(graph.edgeIndex.data[first]);
    expect(() => randomLinkSplit(graph, { rng: new Rng(0), numVal: 0.6, numTest: 0.6 })).toThrow(
      "numVal + numTest",
    );
  });
});

describe("negativeSampling", () => {
  it("draws each absent edge with the same probability", () => {
    const graph = erdosRenyi(6, 0.4, { rng: new Rng(3), directed: true });
    const absent = 30 - graph.sources.length;
    const counts = new Map<string, number>();
    const rng = new Rng(4);
    for (let i = 0; i < 4000; i++) {
      const { sources: u, targets: v } = negativeSampling(graph, { rng, count: 3 });
      expect(u).toHaveLength(3);
      for (const [e, from] of u.entries())
        counts.set(`${from} ${v[e]}`, (counts.get(`${from} ${v[e]}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(absent);
    const expected = 12_000 / absent;
    const statistic = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(statistic).toBeLessThan(absent + 4 * Math.sqrt(2 * absent));
  });

  it("returns what exists where more is asked for, and both directions on request", () => {
    const full = undirected(
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      3,
    );
    expect(negativeSampling(full, { rng: new Rng(0) }).sources).toHaveLength(0);
    const path = undirected(
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      4,
    );
    const drawn = negativeSampling(path, { rng: new Rng(0), count: 100, forceUndirected: true });
    expect(drawn.sources).toHaveLength(6);
    expect([...drawn.sources.subarray(0, 3)]).toEqual([...drawn.targets.subarray(3)]);
    expect(
      negativeSampling({ ...path, numNodes: 1000 }, { rng: new Rng(0), count: 500 }).sources,
    ).toHaveLength(500);
  });
});

it("normalizeFeatures agrees with PyG", () => {
  const { x, right } = torch.normalize as { x: number[][]; right: number[][] };
  const graph = { x: { data: Float32Array.from(x.flat()), shape: [4, 3] } };
  expect(normalizeFeatures(graph).x.data).toBeAllclose(right.flat(), { rtol: 1e-6 });
});
