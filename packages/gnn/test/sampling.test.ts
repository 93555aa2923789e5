// Samplers: their distributions, that every sampled edge exists, fan-outs, unbiased estimates, and the same epoch for any number of workers.
import { Worker } from "node:worker_threads";
import { Rng, type Workers } from "@pellucid/core-train";
import {
  aliasTable,
  clusterSampler,
  erdosRenyi,
  graphBatches,
  type HostEdges,
  hostEdges,
  kHopSubgraph,
  neighborLists,
  partitionGraph,
  randomWalks,
  saintNormalization,
  saintSampler,
  sampleLayers,
  sampleNeighbors,
  stochasticBlockModel,
  subgraph,
  visitedNeighbors,
  walkSampler,
  zachary,
} from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { memory, type Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import sampled, { graph, saint } from "./sampled.ts";

interface Golden {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly right: any;
}

const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/sampling.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind).map((c) => [c.id, c] as const);
const listOf = ([sources, targets]: readonly [number[], number[]], numNodes: number): HostEdges => ({
  numNodes,
  sources: Int32Array.from(sources),
  targets: Int32Array.from(targets),
});
const club = hostEdges(zachary());

/** Pearson's statistic; for k cells it exceeds `k + 4 √(2k)` less than once in 10,000 times. */
function chiSquare(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count, i) => {
    const wanted = expected[i] as number;
    return wanted === 0 ? sum + (count === 0 ? 0 : Infinity) : sum + (count - wanted) ** 2 / wanted;
  }, 0);
}
const limit = (cells: number) => cells + 4 * Math.sqrt(2 * cells);

describe("sampleNeighbors", () => {
  it.each(ofKind("neighbours-fewer-than-asked"))("%s", (_, { input, right }) => {
    const lists = neighborLists(listOf(input.edgeIndex, input.numNodes));
    for (let v = 0; v < input.numNodes; v++)
      expect([...lists.neighbors.subarray(lists.ptr[v], lists.ptr[v + 1])]).toEqual(right.inNeighbours[v]);
    for (const replace of [false, true]) {
      const wanted = replace ? right.firstHopEdgesWithReplacement : right.firstHopEdgesWithoutReplacement;
      const found = sampleNeighbors(lists, input.seeds, input.numNeighbors, { rng: new Rng(0), replace });
      expect([...found.nodes.subarray(0, right.seedsFirst.length)]).toEqual(right.seedsFirst);
      for (const [seed, count] of Object.entries(wanted)) {
        const row = found.nodes.indexOf(Number(seed));
        expect(found.targets.subarray(0, found.edgesPerHop[0]).filter((t) => t === row)).toHaveLength(
          count as number,
        );
      }
      for (const [e, id] of found.edges.entries()) {
        expect(found.nodes[found.sources[e] as number]).toBe(input.edgeIndex[0][id]);
        expect(found.nodes[found.targets[e] as number]).toBe(input.edgeIndex[1][id]);
      }
    }
  });

  it("takes each set of neighbors with the same probability", () => {
    const lists = neighborLists(club);
    const degree = (lists.ptr[6] as number) - (lists.ptr[5] as number);
    const rng = new Rng(1);
    const counts = new Map<string, number>();
    const draws = 12_000;
    for (let i = 0; i < draws; i++) {
      const key = [...sampleNeighbors(lists, [5], [2], { rng }).edges].toSorted((a, b) => a - b).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const sets = (degree * (degree - 1)) / 2;
    expect(counts.size).toBe(sets);
    expect(chiSquare([...counts.values()], Array(sets).fill(draws / sets))).toBeLessThan(limit(sets - 1));
  });

  it("keeps fan-outs, adds hop by hop, and takes all for −1", () => {
    const lists = neighborLists(club);
    const found = sampleNeighbors(lists, [0, 33, 16], [5, 3], { rng: new Rng(2) });
    for (const t of new Set(found.targets)) {
      const most = t < 3 ? 5 : 3;
      const node = found.nodes[t] as number;
      expect(found.targets.filter((target) => target === t)).toHaveLength(
        Math.min(most, (lists.ptr[node + 1] as number) - (lists.ptr[node] as number)),
      );
    }
    expect(new Set(found.nodes).size).toBe(found.nodes.length);
    expect(found.nodesPerHop.reduce((a, b) => a + b)).toBe(found.nodes.length);
    const whole = sampleNeighbors(lists, [16], [-1, -1], { rng: new Rng(2) });
    const all = kHopSubgraph(club, [16], 2);
    expect([...whole.nodes].toSorted((a, b) => a - b)).toEqual([...all.nodes]);
  });

  it("gives disjoint seeds their own graphs", () => {
    const lists = neighborLists(club);
    const found = sampleNeighbors(lists, [0, 1, 0], [-1], { rng: new Rng(0), disjoint: true });
    expect([...found.seeds]).toEqual([0, 1, 2]);
    for (const [e, source] of found.sources.entries())
      expect(found.batch?.[source]).toBe(found.batch?.[found.targets[e] as number]);
    expect(found.nodes.filter((_, i) => found.batch?.[i] === 0)).toEqual(
      found.nodes.filter((_, i) => found.batch?.[i] === 2),
    );
  });

  it("refuses seeds and options that do not exist", () => {
    const lists = neighborLists(club);
    expect(() => sampleNeighbors(lists, [34], [1], { rng: new Rng(0) })).toThrow(
      "the seed is 34, expected a node from 0 to 33",
    );
    expect(() => sampleNeighbors(lists, [0.5], [1], { rng: new Rng(0) })).toThrow("the seed is 0.5");
    expect(() => sampleNeighbors(lists, [0], [1.5], { rng: new Rng(0) })).toThrow(
      "fanOut 0 is 1.5, expected an integer",
    );
    expect(() => sampleNeighbors(lists, [0], [1], {} as never)).toThrow("rng is undefined");
    expect(() => neighborLists({ ...club, numNodes: 30 })).toThrow("expected 0 to 29");
  });
});

describe("aliasTable", () => {
  it("draws in proportion to weights, never what weighs 0", () => {
    const weights = [0, 1, 2.5, 0.1, 7, 0, 0.4];
    const table = aliasTable(weights);
    const [rng, counts] = [new Rng(4), new Float64Array(7)];
    for (let i = 0; i < 50_000; i++) {
      const drawn = table.draw(rng);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    expect(
      chiSquare(
        counts,
        weights.map((w) => (50_000 * w) / 11),
      ),
    ).toBeLessThan(limit(4));
    expect(() => aliasTable([1, -1])).toThrow("weight 1 is -1");
    expect(() => aliasTable([0, 0])).toThrow("sum of the weights is 0");
  });
});

describe("random walks", () => {
  it("follow edges, and node2vec's p and q weight the second step", () => {
    const edges = listOf(
      [
        [0, 0, 1, 1, 1, 2, 2, 3],
        [1, 2, 0, 2, 3, 0, 1, 1],
      ],
      4,
    );
    const lists = neighborLists(edges, "out");
    const [p, q] = [4, 0.5];
    const walks = randomWalks(lists, Array(30_000).fill(0), 2, { rng: new Rng(5), p, q });
    const counts = [0, 0, 0];
    let through = 0;
    for (let i = 0; i < walks.length; i += 3) {
      if (walks[i + 1] !== 1) continue;
      through++;
      const last = [0, 2, 3].indexOf(walks[i + 2] as number);
      counts[last] = (counts[last] as number) + 1;
    }
    const weights = [1 / p, 1, 1 / q]; // back to 0; 2 is a neighbor of 0; 3 is not
    const total = weights.reduce((a, b) => a + b);
    expect(
      chiSquare(
        counts,
        weights.map((w) => (through * w) / total),
      ),
    ).toBeLessThan(limit(2));
  });

  it("stay where no edge leaves, and end with the probability of a restart", () => {
    const lists = neighborLists(listOf([[0], [1]], 2), "out");
    expect([...randomWalks(lists, [0], 3, { rng: new Rng(0) })]).toEqual([0, 1, 1, 1]);
    const walks = randomWalks(lists, Array(20_000).fill(0), 1, { rng: new Rng(0), restart: 0.3 });
    const ended = walks.filter((v) => v === -1).length;
    expect(chiSquare([ended, 20_000 - ended], [6000, 14_000])).toBeLessThan(limit(1));
  });

  it("give PinSAGE the neighbors that they visit most", () => {
    const lists = neighborLists(club, "out");
    const found = visitedNeighbors(lists, [16, 0], 3, { rng: new Rng(0), walks: 400, length: 2 });
    const own = [...found.sources].filter((_, i) => found.targets[i] === 0);
    expect(own).toHaveLength(3);
    expect(own.slice(0, 2).toSorted((a, b) => a - b)).toEqual([5, 6]); // the only two neighbors of node 16
    for (const target of [0, 1]) {
      const weights = [...found.weights].filter((_, i) => found.targets[i] === target);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    }
  });

  it("are cut into windows for node2vec", () => {
    const sampler = walkSampler(zachary(), { walkLength: 4, contextSize: 3, walksPerNode: 2, negatives: 2 });
    const { positive, negative } = sampler.gather(Int32Array.of(3, 7), new Rng(0));
    expect(positive.shape).toEqual([4 * 3, 3]);
    expect(negative.shape).toEqual([8 * 3, 3]);
    const isEdge = new Set(Array.from(club.sources, (u, e) => `${u} ${club.targets[e]}`));
    for (let i = 0; i + 1 < positive.data.length; i++)
      if (i % 3 < 2) expect(isEdge.has(`${positive.data[i]} ${positive.data[i + 1]}`)).toBe(true);
    expect(() => walkSampler(zachary(), { walkLength: 2, contextSize: 4 })).toThrow("contextSize is 4");
  });
});

describe("sampleLayers", () => {
  const lists = neighborLists(club);
  const weights = Float32Array.from(club.sources, (_, e) => 0.1 + ((e * 7) % 11) / 10);
  const h = Float64Array.from({ length: 34 }, (_, v) => Math.sin(v));
  const estimate = (scheme: "fastGcn" | "ladies", rng: Rng) => {
    const [layer] = sampleLayers(lists, weights, [0, 32], [8], { rng, scheme });
    if (layer === undefined) throw new Error("no layer");
    const sums = [0, 0];
    for (const [e, t] of layer.targets.entries())
      sums[t] =
        (sums[t] as number) +
        (layer.weights[e] as number) * (h[layer.nodes[layer.sources[e] as number] as number] as number);
    return { layer, sums };
  };

  it("FastGCN's sums are unbiased", () => {
    const rng = new Rng(8);
    const exact = [0, 32].map((u) => {
      let sum = 0;
      for (let i = lists.ptr[u] as number; i < (lists.ptr[u + 1] as number); i++)
        sum += (weights[lists.edges[i] as number] as number) * (h[lists.neighbors[i] as number] as number);
      return sum;
    });
    const runs = 4000;
    const all = Array.from({ length: runs }, () => estimate("fastGcn", rng).sums);
    for (const t of [0, 1]) {
      const mean = all.reduce((sum, s) => sum + (s[t] as number), 0) / runs;
      const deviation = Math.sqrt(
        all.reduce((sum, s) => sum + ((s[t] as number) - mean) ** 2, 0) / runs / runs,
      );
      expect(Math.abs(mean - (exact[t] as number))).toBeLessThan(4 * deviation);
    }
  });

  it("LADIES draws from the neighbors of the layer above, and its rows sum to 1", () => {
    const { layer } = estimate("ladies", new Rng(9));
    const around = new Set([
      0,
      32,
      ...[0, 32].flatMap((u) => [...lists.neighbors.subarray(lists.ptr[u], lists.ptr[u + 1])]),
    ]);
    expect([...layer.nodes].every((v) => around.has(v))).toBe(true);
    expect([...layer.nodes.subarray(0, 2)]).toEqual([0, 32]);
    expect(layer.nodes.length).toBeLessThanOrEqual(10);
    for (const t of [0, 1])
      expect([...layer.weights].filter((_, e) => layer.targets[e] === t).reduce((a, b) => a + b)).toBeCloseTo(
        1,
        5,
      );
    const layers = sampleLayers(lists, weights, [5], [4, 6], { rng: new Rng(1) });
    expect(layers[1]?.numTargets).toBe(layers[0]?.nodes.length);
  });
});

describe("GraphSAINT", () => {
  it.each(ofKind("saint-unbiased"))("%s", (_, { input, right }) => {
    const n = input.adj.length as number;
    const pairs = input.adj.flatMap((row: number[], i: number) =>
      row.flatMap((a, j) => (a === 0 ? [] : [[i, j]])),
    );
    const edges = listOf([pairs.map(([i]: number[]) => i), pairs.map(([, j]: number[]) => j)], n);
    const subsets = Array.from({ length: 2 ** n }, (_, bits) =>
      Array.from({ length: n }, (_, v) => v).filter((v) => (bits >> v) & 1),
    ).filter(({ length }) => length === input.k);
    const subgraphs = subsets.map((nodes) => subgraph(edges, nodes));
    const { nodeNorm, edgeNorm } = saintNormalization(edges, subgraphs);
    expect(nodeNorm).toBeAllclose(Array(n).fill(1 / right.pNode / n));
    expect(edgeNorm).toBeAllclose(Array(pairs.length).fill(1 / right.alphaEdge));
    const losses = subgraphs.map(({ nodes }) =>
      nodes.reduce((sum, v) => sum + (nodeNorm[v] as number) * input.nodeLoss[v], 0),
    );
    expect([losses.reduce((a, b) => a + b) / losses.length]).toBeAllclose([right.expectedWeightedLoss]);
    const degree = new Float64Array(n);
    for (const t of edges.targets) degree[t] = (degree[t] as number) + 1;
    const expected = Array.from({ length: n }, (_, target) => {
      const having = subgraphs.filter(({ nodes }) => nodes.includes(target));
      const sums = having.map(({ edges: ids }) =>
        ids.reduce(
          (sum, e) =>
            edges.targets[e] === target
              ? sum +
                ((edgeNorm[e] as number) * input.x[edges.sources[e] as number]) / (degree[target] as number)
              : sum,
          0,
        ),
      );
      return sums.reduce((a, b) => a + b) / having.length;
    });
    expect(expected).toBeAllclose(right.expectedAggregationGivenTarget);
    expect(expected).toBeAllclose(right.fullMeanAggregation);
  });

  it("gives what was never sampled a finite weight", () => {
    const { nodeNorm, edgeNorm } = saintNormalization(club, [subgraph(club, [0, 1])]);
    expect([...nodeNorm, ...edgeNorm].every(Number.isFinite)).toBe(true);
    expect(nodeNorm[5]).toBeCloseTo(0.1);
    expect(() => saintNormalization(club, [])).toThrow("there are no subgraphs");
  });

  it.each(["node", "edge", "walk"] as const)("the loss of %s sampling is unbiased", (method) => {
    const rng = new Rng(6);
    const sampler = saintSampler(zachary(), { rng, method, budget: 10, coverage: 1500 });
    const loss = (v: number) => 1 + Math.sin(v);
    const exact = Array.from({ length: 34 }, (_, v) => loss(v)).reduce((a, b) => a + b) / 34;
    const runs = 3000;
    const found = Array.from({ length: runs }, () => {
      const { nodes, nodeNorm } = sampler.gather(Int32Array.of(0), rng);
      return nodes.data.reduce((sum, v, i) => sum + (nodeNorm.data[i] as number) * loss(v), 0);
    });
    const mean = found.reduce((a, b) => a + b) / runs;
    const deviation = Math.sqrt(found.reduce((sum, l) => sum + (l - mean) ** 2, 0) / runs / runs);
    expect(Math.abs(mean - exact)).toBeLessThan(5 * deviation + 0.01 * exact); // the counts of normalization vary too
  });
});

describe("partitionGraph", () => {
  it("finds the blocks of a graph", () => {
    const p = [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => (a === b ? 0.4 : 0.01)));
    const blocks = stochasticBlockModel([40, 40, 40, 40], p, { rng: new Rng(0) });
    const { parts, edgeCut } = partitionGraph(hostEdges(blocks), 4, { rng: new Rng(0) });
    const pairs = new Set(Array.from(parts, (part, v) => `${part} ${blocks.y.data[v]}`));
    expect(pairs.size).toBe(4);
    const { sources, targets } = hostEdges(blocks);
    const between =
      sources.filter((u, e) => blocks.y.data[u] !== blocks.y.data[targets[e] as number]).length / 2;
    expect(edgeCut).toBe(between);
  });

  it("keeps parts of about equal size, also of graphs in pieces or without edges", () => {
    for (const edges of [
      club,
      erdosRenyi(101, 0.01, { rng: new Rng(1) }),
      listOf([[], []], 10),
      listOf([[0], [0]], 3),
    ])
      for (const count of [1, 2, 3]) {
        const { parts } = partitionGraph(edges, count, { rng: new Rng(0) });
        const sizes = Array.from({ length: count }, (_, part) => parts.filter((q) => q === part).length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil((edges.numNodes / count) * 1.03) + 1);
      }
    expect(() => partitionGraph(club, 0, { rng: new Rng(0) })).toThrow("numParts is 0");
  });

  it("cuts Zachary's club as well as the best bisection that is known", () => {
    expect(partitionGraph(club, 2, { rng: new Rng(0) }).edgeCut).toBeLessThanOrEqual(10);
  });
});

describe("graphBatches", () => {
  /** `nodeWorkers`, but in plain Node: those of a test would resolve tfjs as vitest does. */
  const plainWorkers = (count: number): Workers => ({
    count,
    start() {
      const worker = new Worker(new URL("../../core-train/src/node/worker.ts", import.meta.url), {
        workerData: { module: new URL("./sampled.ts", import.meta.url).href },
        execArgv: [],
      });
      return {
        post: (message) => worker.postMessage(message),
        listen(onMessage, onFailure) {
          worker.on("message", onMessage);
          worker.on("error", (error: Error) => onFailure(error.message));
        },
        stop: () => void worker.terminate(),
      };
    },
  });

  async function epoch(count: number): Promise<number[][]> {
    const workers = plainWorkers(count);
    const found: number[][] = [];
    for await (const batch of graphBatches(sampled, { size: 8, shuffle: true, rng: new Rng(7), workers }))
      found.push([...batch.edgeIndex.dataSync(), ...batch.nodes.dataSync(), ...batch.seeds.dataSync()]);
    return found;
  }

  it("are the same for any number of workers", async () => {
    const expected = await epoch(0);
    expect(expected).toHaveLength(Math.ceil(60 / 8));
    for (const count of [1, 3]) expect(await epoch(count)).toEqual(expected);
  });

  it("have the rows of their nodes and edges, boolean masks, and leak nothing", async () => {
    const { trainMask } = {
      trainMask: { data: Uint8Array.from({ length: 60 }, (_, v) => v % 2), shape: [60] },
    };
    const masked = { ...graph, trainMask };
    const { parts } = partitionGraph(hostEdges(graph), 6, { rng: new Rng(0) });
    const before = memory().numTensors;
    const seen = new Set<number>();
    for await (const batch of graphBatches(clusterSampler(masked, parts), { size: 2 })) {
      const nodes = [...batch.nodes.dataSync()];
      for (const v of nodes) seen.add(v);
      const features = batch.x.shape[1] as number;
      expect(batch.x.dataSync()[features]).toBe(graph.x.data[(nodes[1] as number) * features]);
      const mask = (batch as unknown as { trainMask: Tensor }).trainMask;
      expect(mask.dtype).toBe("bool");
      expect([...mask.dataSync()]).toEqual(nodes.map((v) => v % 2));
    }
    expect(seen.size).toBe(60);
    for await (const batch of graphBatches(saint, { size: 1, rng: new Rng(2) }))
      expect(batch.nodeNorm.shape[0]).toBe(batch.nodes.shape[0]);
    expect(memory().numTensors).toBe(before);
  });

  it("resume where their state was taken", async () => {
    const options = { size: 8, shuffle: true };
    const loader = graphBatches(sampled, { ...options, rng: new Rng(3) });
    const all: number[][] = [];
    let state = loader.state();
    for await (const batch of loader) {
      all.push([...batch.nodes.dataSync()]);
      if (all.length === 3) state = loader.state();
    }
    const resumed = graphBatches(sampled, { ...options, rng: new Rng(3) });
    resumed.restore(state);
    const rest: number[][] = [];
    for await (const batch of resumed) rest.push([...batch.nodes.dataSync()]);
    expect(rest).toEqual(all.slice(3));
  });
});
