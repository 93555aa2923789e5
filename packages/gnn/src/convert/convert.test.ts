// Edge lists, matrices, lists of neighbors, subgraphs, and the way between networks and tensors.
import { describe, expect, it } from "vitest";
import { stochasticBlockModel } from "../data/stochastic-block-model.ts";
import { erdosRenyi } from "../data/erdos-renyi.ts";
import { barabasiAlbert } from "../data/barabasi-albert.ts";
import { baShapes } from "../data/ba-shapes.ts";
import { graphDataOf, toGraph } from "../data/to-graph.ts";
import { treeNeighborsMatch } from "../data/tree-neighbors-match.ts";
import { zachary } from "../data/zachary.ts";
import { hostEdges } from "../data/graph-data.ts";
import { Rng } from "@pellucid/core-train";
import { graphOf } from "../graph/graph-of.ts";
import { graphOfNetwork, networkOfGraph } from "../networks/graph-of-network.ts";
import { Network } from "../networks/network.ts";
import { denseAdjacency, edgesOfAdjacency } from "./dense-adjacency.ts";
import { edgesOfIncidence, incidence } from "./incidence.ts";
import { kHopSubgraph } from "./k-hop-subgraph.ts";
import { edgesOfLists, neighborLists } from "./neighbor-lists.ts";
import { subgraph } from "./subgraph.ts";
import { weisfeilerLemanColors, weisfeilerLemanHash, weisfeilerLemanTest } from "./weisfeiler-lehman.ts";

const edges = {
  numNodes: 5,
  sources: Int32Array.of(3, 0, 1, 1, 2, 0),
  targets: Int32Array.of(3, 1, 0, 2, 1, 1),
  weights: Float32Array.of(2, 1, 0.5, 3, 4, 10),
};

describe("conversions", () => {
  it("to the adjacency matrix add parallel edges up, and back", () => {
    const matrix = denseAdjacency(edges);
    expect([...matrix.data.subarray(0, 5)]).toEqual([0, 11, 0, 0, 0]);
    const back = edgesOfAdjacency(matrix);
    expect([...back.sources]).toEqual([0, 1, 1, 2, 3]);
    expect([...back.targets]).toEqual([1, 0, 2, 1, 3]);
    expect([...back.weights]).toEqual([11, 0.5, 3, 4, 2]);
    expect(denseAdjacency(back)).toEqual(matrix);
    expect(() => edgesOfAdjacency({ data: new Float32Array(6), shape: [2, 3] })).toThrow("matrix is [2, 3]");
  });

  it("to the incidence matrix and back", () => {
    const back = edgesOfIncidence(incidence(edges));
    expect(back).toEqual(edges);
    expect(() => edgesOfIncidence({ data: Float32Array.of(1, 1), shape: [2, 1] })).toThrow(
      "column 0 has 2 numbers other than 0",
    );
  });

  it("to lists of neighbors and back, in both directions", () => {
    const { weights: _, ...plain } = edges;
    for (const direction of ["in", "out"] as const)
      expect(edgesOfLists(neighborLists(edges, direction), direction)).toEqual(plain);
    expect([...neighborLists(edges, "in").ptr]).toEqual([0, 1, 4, 5, 6, 6]);
  });

  it("refuse nodes that do not exist and lists that do not fit", () => {
    expect(() => neighborLists({ ...edges, numNodes: 3 })).toThrow("edge 0 has node 3, expected 0 to 2");
    expect(() => denseAdjacency({ ...edges, targets: Int32Array.of(0) })).toThrow(
      "6 sources, 1 targets and 6 weights",
    );
    expect(() => incidence({ ...edges, numNodes: 1.5 })).toThrow("numNodes is 1.5");
  });
});

describe("subgraphs", () => {
  it("of some nodes keep the edges among them", () => {
    const found = subgraph(edges, [1, 0, 4]);
    expect([...found.edges]).toEqual([1, 2, 5]);
    expect([...found.sources]).toEqual([1, 0, 1]);
    expect([...(found.weights ?? [])]).toEqual([1, 0.5, 10]);
    expect(() => subgraph(edges, [1, 1])).toThrow("node 1 comes twice");
    expect(() => subgraph(edges, [5])).toThrow("node 5, expected integers from 0 to 4");
  });

  it("of k hops follow edges back, forth or both", () => {
    const path = { numNodes: 5, sources: Int32Array.of(0, 1, 2, 3), targets: Int32Array.of(1, 2, 3, 4) };
    expect([...kHopSubgraph(path, [2], 1).nodes]).toEqual([1, 2]);
    expect([...kHopSubgraph(path, [2], 1, { direction: "out" }).nodes]).toEqual([2, 3]);
    expect([...kHopSubgraph(path, [2], 2, { direction: "both" }).nodes]).toEqual([0, 1, 2, 3, 4]);
    expect([...kHopSubgraph(path, [2], 0).nodes]).toEqual([2]);
    expect(() => kHopSubgraph(path, [5], 1)).toThrow("node 5");
  });
});

describe("Weisfeiler–Leman", () => {
  it("hashes are equal for a graph with its nodes in another order, and not for another graph", () => {
    const graph = erdosRenyi(20, 0.2, { rng: new Rng(0) });
    const order = new Rng(1).randperm(20);
    const moved = {
      ...graph,
      sources: graph.sources.map((v) => order[v] as number),
      targets: graph.targets.map((v) => order[v] as number),
    };
    expect(weisfeilerLemanHash(moved)).toBe(weisfeilerLemanHash(graph));
    expect(weisfeilerLemanTest(graph, moved)).toBe("maybe");
    const other = { ...graph, targets: graph.targets.with(0, ((graph.targets[0] as number) + 1) % 20) };
    expect(weisfeilerLemanHash(other)).not.toBe(weisfeilerLemanHash(graph));
    expect(weisfeilerLemanTest(graph, other)).toBe("different");
  });

  it("colors of a path are mirrored, and labels count", () => {
    const path = { numNodes: 3, sources: Int32Array.of(0, 1, 1, 2), targets: Int32Array.of(1, 0, 2, 1) };
    const colors = weisfeilerLemanColors(path, 2);
    expect(colors[0]).toBe(colors[2]);
    expect(colors[0]).not.toBe(colors[1]);
    expect(weisfeilerLemanColors(path, 2, [0, 0, 1])[0]).not.toBe(
      weisfeilerLemanColors(path, 2, [0, 0, 1])[2],
    );
    expect(() => weisfeilerLemanColors(path, 1, [0])).toThrow("1 labels, expected one for each of 3 nodes");
  });
});

describe("networks and tensors", () => {
  it("there and back", async () => {
    const network = new Network();
    network.addNodesFrom([
      ["a", { f: [1, 2], c: 1 }],
      ["b", { f: [3, 4], c: 0 }],
      ["c", { f: [5, 6], c: 2 }],
    ]);
    network.addEdgesFrom([
      ["a", "b", { weight: 2 }],
      ["c", "c", { weight: 0.5 }],
    ]);
    const graph = graphOfNetwork(network, { features: "f", label: "c", weight: "weight" });
    expect([...graph.edgeIndex.dataSync()]).toEqual([0, 1, 2, 1, 0, 2]);
    expect([...(graph.edgeWeight?.dataSync() ?? [])]).toEqual([2, 2, 0.5]);
    expect([...(graph.y?.dataSync() ?? [])]).toEqual([1, 0, 2]);
    const back = await networkOfGraph(graph);
    expect(back.isDirected()).toBe(false);
    expect(back.edges().map(([u, v, { weight }]) => [u, v, weight])).toEqual([
      [0, 1, 2],
      [2, 2, 0.5],
    ]);
    expect((await networkOfGraph(graphOf({ x: [[1], [2]], edgeIndex: [[0], [1]] }))).isDirected()).toBe(true);
    expect(() => graphOfNetwork(network, { features: "g" })).toThrow(
      'g of node "a" is not there, expected numbers',
    );
    expect(graphOfNetwork(network).x.shape).toEqual([3, 3]);
  });

  it("graph data there and back, masks as booleans", async () => {
    const data = zachary();
    const graph = toGraph(data);
    expect(graph.trainMask?.dtype).toBe("bool");
    expect(await graphDataOf(graph)).toEqual(data);
    expect(() => toGraph(data)).toLeakNothing();
    expect(() => toGraph({ ...data, edgeIndex: { data: Int32Array.of(0, 40), shape: [2, 1] } })).toThrow(
      "target 40",
    );
  });
});

describe("graphs whose structure is known", () => {
  const degrees = ({ numNodes, sources }: { numNodes: number; sources: Int32Array }) => {
    const counts = new Int32Array(numNodes);
    for (const v of sources) counts[v] = (counts[v] as number) + 1;
    return counts;
  };

  it("Zachary's club has 34 members, 78 friendships, and networkx's clubs", () => {
    const club = zachary();
    const list = hostEdges(club);
    expect(list.sources).toHaveLength(156);
    expect([...degrees(list).subarray(0, 4), degrees(list)[33]]).toEqual([16, 9, 10, 6, 17]);
    expect([...club.y.data].filter((y) => y === 1)).toHaveLength(17);
    expect(
      [...zachary({ labels: "communities" }).trainMask.data.keys()].filter(
        (v) => zachary({ labels: "communities" }).trainMask.data[v] === 1,
      ),
    ).toEqual([0, 4, 8, 24]);
    expect(() => zachary({ labels: "teams" as never })).toThrow('labels is "teams"');
  });

  it("random graphs have as many edges as expected, both directions, no loops", () => {
    const graph = erdosRenyi(400, 0.05, { rng: new Rng(2) });
    const expected = 400 * 399 * 0.05;
    expect(Math.abs(graph.sources.length - expected)).toBeLessThan(4 * Math.sqrt(2 * expected));
    const keys = new Set(Array.from(graph.sources, (u, e) => `${u} ${graph.targets[e]}`));
    expect(keys.size).toBe(graph.sources.length);
    expect(
      [...graph.sources].every((u, e) => u !== graph.targets[e] && keys.has(`${graph.targets[e]} ${u}`)),
    ).toBe(true);
    const directed = erdosRenyi(300, 0.1, { rng: new Rng(3), directed: true });
    expect(Math.abs(directed.sources.length - 8970)).toBeLessThan(4 * Math.sqrt(8970));
    expect(directed.sources.some((u, e) => u === directed.targets[e])).toBe(false);
    expect(erdosRenyi(5, 1, { rng: new Rng(0) }).sources).toHaveLength(20);
    expect(erdosRenyi(5, 0, { rng: new Rng(0) }).sources).toHaveLength(0);
  });

  it("blocks are joined with their probabilities", () => {
    const graph = stochasticBlockModel(
      [200, 300],
      [
        [0.1, 0.02],
        [0.02, 0.05],
      ],
      { rng: new Rng(4), features: 3 },
    );
    const { sources, targets } = hostEdges(graph);
    const counts = [0, 0, 0];
    for (const [e, u] of sources.entries()) {
      const kind = Number(u >= 200) + Number((targets[e] as number) >= 200);
      counts[kind] = (counts[kind] as number) + 1;
    }
    for (const [kind, expected] of [200 * 199 * 0.1, 2 * 200 * 300 * 0.02, 300 * 299 * 0.05].entries())
      expect(Math.abs((counts[kind] as number) - expected)).toBeLessThan(4 * Math.sqrt(2 * expected));
    expect(graph.x.shape).toEqual([500, 3]);
    expect(() =>
      stochasticBlockModel(
        [2, 2],
        [
          [0.1, 0.2],
          [0.3, 0.1],
        ],
        { rng: new Rng(0) },
      ),
    ).toThrow("probabilities 0, 1 is 0.2");
  });

  it("hubs attract edges", () => {
    const graph = barabasiAlbert(300, 3, { rng: new Rng(5) });
    expect(graph.sources).toHaveLength(2 * 3 * 297);
    const counts = degrees(graph);
    expect(Math.min(...counts.subarray(3))).toBe(3);
    expect(Math.max(...counts)).toBeGreaterThan(25);
    expect(() => barabasiAlbert(3, 3, { rng: new Rng(0) })).toThrow("numEdges is 3");
  });

  it("houses have six edges, three roles and one edge to the graph", () => {
    const { x, y, edgeIndex, edgeLabel } = baShapes({ rng: new Rng(6) });
    expect(x.shape).toEqual([700, 10]);
    expect([0, 1, 2, 3].map((c) => y.data.filter((label) => label === c).length)).toEqual([
      300, 160, 160, 80,
    ]);
    expect(edgeLabel.data.reduce((a, b) => a + b)).toBe(80 * 12);
    expect(edgeIndex.shape[1]).toBe(2 * 5 * 295 + 80 * 14);
  });

  it("a tree's root has the label of the leaf with its key", () => {
    const { x, y, edgeIndex } = treeNeighborsMatch(3, { rng: new Rng(7) });
    expect(x.shape).toEqual([15, 2]);
    expect(edgeIndex.shape).toEqual([2, 14]);
    const key = x.data[0];
    const leaf = Array.from({ length: 8 }, (_, i) => 7 + i).find((v) => x.data[2 * v] === key) as number;
    expect((x.data[2 * leaf + 1] as number) - 1).toBe(y.data[0]);
  });
});
