// networkx's numbers: degrees, matrices, layouts, scores; and the container's errors.
import { NumpyRandom } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { adjacencyMatrix } from "./adjacency-matrix.ts";
import { circularLayout } from "./circular-layout.ts";
import { clustering } from "./clustering.ts";
import { incidenceMatrix } from "./incidence-matrix.ts";
import { laplacianMatrix, normalizedLaplacianMatrix } from "./laplacian-matrix.ts";
import type { Layout } from "./layout.ts";
import { type EdgeEntry, Network } from "./network.ts";
import { type NodeName } from "./node-name.ts";
import { NetworkError } from "./network-error.ts";
import { pageRank } from "./page-rank.ts";
import { spectralLayout } from "./spectral-layout.ts";
import { springLayout } from "./spring-layout.ts";
import { weisfeilerLemanTest } from "../convert/weisfeiler-lehman.ts";

interface NetworkCase {
  readonly directed: boolean;
  readonly edges: readonly [NodeName, NodeName, number | null][];
  readonly nodes: readonly NodeName[];
  readonly [name: string]: unknown;
}

interface Golden {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- of each kind another record
  readonly right: any;
}

const { cases, spectralOfPath } = fixture<{ cases: NetworkCase[]; spectralOfPath: number[][] }>(
  import.meta.url,
  "../../fixtures/networks.json",
);
const golden = fixture<Golden[]>(import.meta.url, "../../fixtures/golden/networks.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind);

const flat = (rows: readonly (readonly number[])[]) => rows.flat();
const points = (layout: Layout) => [...layout.values()].flat();
const values = (map: ReadonlyMap<unknown, unknown>) => [...map.values()];

function build({ directed, edges, nodes }: NetworkCase): Network {
  const network = new Network({ directed });
  network.addNodesFrom(nodes);
  network.addEdgesFrom(edges.map(([u, v, w]): EdgeEntry => (w === null ? [u, v] : [u, v, { weight: w }])));
  return network;
}

describe("Network", () => {
  it.each(cases.map((c, i) => [i, c] as const))("has networkx's numbers: case %i", (_, c) => {
    const network = build(c);
    expect(network.nodes()).toEqual(c["order"]);
    expect(network.edges().map(([u, v]) => [u, v])).toEqual(c["edgeOrder"]);
    expect(values(network.degree())).toEqual(c["degree"]);
    expect(values(network.degree({ weight: "weight" }))).toEqual(c["weightedDegree"]);
    expect(network.isWeighted()).toBe(c["isWeighted"]);
    expect([network.size(), network.size({ weight: "weight" })]).toEqual([c["size"], c["weightedSize"]]);
    expect(adjacencyMatrix(network)).toEqual(c["adjacency"]);
    expect(incidenceMatrix(network)).toEqual(c["incidence"]);
    expect(flat(incidenceMatrix(network, { oriented: true, weight: "weight" }))).toBeAllclose(
      flat(c["oriented"] as number[][]),
    );
    expect(network.nodes().map((node) => network.neighbors(node))).toEqual(c["neighbors"]);
    expect(points(circularLayout(network))).toBeAllclose(flat(c["circular"] as number[][]), { atol: 1e-6 });
    expect(points(springLayout(network, { seed: 42 }))).toBeAllclose(flat(c["spring"] as number[][]), {
      atol: 1e-5,
    });
    if (c.directed) {
      expect(values(network.inDegree())).toEqual(c["inDegree"]);
      expect(values(network.outDegree())).toEqual(c["outDegree"]);
      expect(network.nodes().map((node) => network.predecessors(node))).toEqual(c["predecessors"]);
    } else {
      expect(values(clustering(network)) as number[]).toBeAllclose(c["clustering"] as number[]);
      expect(flat(laplacianMatrix(network))).toBeAllclose(flat(c["laplacian"] as number[][]));
      expect(flat(normalizedLaplacianMatrix(network))).toBeAllclose(
        flat(c["normalizedLaplacian"] as number[][]),
      );
    }
    if (c["pagerank"] !== undefined)
      expect(values(pageRank(network)) as number[]).toBeAllclose(c["pagerank"] as number[], { atol: 1e-9 });
  });

  it.each(ofKind("networkx-loops-isolated").map((c) => [c.id, c] as const))("%s", (_, { input, right }) => {
    const network = new Network({ directed: input.directed });
    network.addNodesFrom(Array(input.n).keys());
    network.addWeightedEdgesFrom(input.weightedEdges);
    expect(values(network.degree())).toEqual(right.degree);
    expect(values(network.degree({ weight: "weight" }))).toEqual(right.weightedDegree);
    expect([network.size(), network.size({ weight: "weight" })]).toEqual([right.size, right.weightedSize]);
    expect(adjacencyMatrix(network)).toEqual(right.adjacency);
    expect(values(pageRank(network)) as number[]).toBeAllclose(right.pagerank, { rtol: 1e-6 });
    if (input.directed) {
      expect(values(network.inDegree())).toEqual(right.inDegree);
      expect(values(network.outDegree())).toEqual(right.outDegree);
      expect(() => clustering(network)).toThrow(NetworkError);
    } else {
      expect(values(clustering(network))).toEqual(right.clustering);
      expect(laplacianMatrix(network)).toEqual(right.laplacian);
      expect(flat(normalizedLaplacianMatrix(network))).toBeAllclose(flat(right.normalizedLaplacian));
    }
  });

  it("keeps attributes of nodes and edges, as the course notes use them", () => {
    const network = new Network({ directed: true });
    network.addNodesFrom(["A", "B", "C"]);
    network.setNodeAttributes(
      [
        ["A", [1, 3]],
        ["B", [2, 4]],
        ["C", [5, 7]],
        ["D", [0, 0]],
      ],
      "features",
    );
    network.addEdgesFrom([
      ["A", "A"],
      ["A", "B"],
      ["B", "C"],
      ["C", "B"],
    ]);
    network.setEdgeAttributes(
      [
        ["A", "A", 1],
        ["A", "B", 4.5],
        ["B", "C", 2],
        ["C", "B", 6],
        ["A", "C", 9],
      ],
      "edge_weights",
    );
    expect(network.getNodeAttributes("features").get("B")).toEqual([2, 4]);
    expect(network.getEdgeAttributes("edge_weights")).toEqual([
      ["A", "A", 1],
      ["A", "B", 4.5],
      ["B", "C", 2],
      ["C", "B", 6],
    ]);
    expect(network.isDirected()).toBe(true);
    expect(network.isWeighted()).toBe(false); // the attribute is not called weight
    expect(network.isWeighted("edge_weights")).toBe(true);
    expect(Object.fromEntries(network.degree())).toEqual({ A: 3, B: 3, C: 2 });
    expect(Object.fromEntries(network.inDegree())).toEqual({ A: 1, B: 2, C: 1 });
    expect(Object.fromEntries(network.outDegree())).toEqual({ A: 2, B: 1, C: 1 });
    expect(network.degree("B", { weight: "edge_weights" })).toBe(12.5);
    expect(adjacencyMatrix(network)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
    expect(network.neighbors("A")).toEqual(["A", "B"]);
    network.setNodeAttributes([["A", { color: "red" }]]);
    expect(network.node("A")).toEqual({ features: [1, 3], color: "red" });
    network.removeEdge("A", "A");
    network.removeNode("B");
    expect([network.numberOfNodes(), network.numberOfEdges()]).toEqual([2, 0]);
  });

  it("refuses what cannot be a node, and says which node exists", () => {
    const network = new Network();
    network.addNodesFrom([0, "b"]);
    expect(() => network.degree("0")).toThrow('Network: there is no node "0". There is the number 0.');
    expect(() => network.addEdge(NaN, 1)).toThrow(NetworkError);
    expect(() =>
      network.addEdgesFrom([
        [0, 1],
        [0, null as never],
      ]),
    ).toThrow(NetworkError);
    expect(network.numberOfNodes()).toBe(2);
    expect(() => network.edge(0, "b")).toThrow("there is no edge from 0 to b");
    expect(() => network.removeEdge(0, "b")).toThrow(NetworkError);
    network.addEdge(0, "b", { weight: "heavy" });
    expect(() => network.size({ weight: "weight" })).toThrow(
      'weight of an edge is "heavy", expected a number',
    );
    expect(() => new Network({ direkted: true } as never)).toThrow("there is no option direkted");
    expect(() => network.setNodeAttributes([[0, 5]])).toThrow(NetworkError);
  });
});

describe("layouts", () => {
  it.each(ofKind("spring-layout").map((c) => [c.id, c] as const))("%s", (_, { input, right }) => {
    const network = new Network();
    network.addNodesFrom(Array(input.n).keys());
    for (const [u, v, w] of input.edges) network.addEdge(u, v, w === undefined ? {} : { weight: w });
    const { seed, pos, fixed } = input.options;
    if (right.initial !== null)
      expect(new NumpyRandom(seed).rand(2 * input.n)).toBeAllclose(right.initial.flat(), { rtol: 1e-9 });
    const layout = springLayout(network, {
      seed,
      ...(pos === undefined
        ? {}
        : { pos: new Map(Object.entries(pos).map(([n, p]) => [Number(n), p as [number, number]])) }),
      ...(fixed === undefined ? {} : { fixed }),
    });
    expect(points(layout)).toBeAllclose(right.pos.flat(), { rtol: 1e-5, atol: 1e-5 });
  });

  it("spectral layout is networkx's up to the sign of each axis", () => {
    const path = new Network();
    path.addEdgesFrom([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    const found = [...spectralLayout(path).values()];
    for (const axis of [0, 1] as const) {
      const expected = spectralOfPath.map((p) => p[axis] as number);
      const sign = Math.sign((found[0]?.[axis] as number) * (expected[0] as number));
      expect(found.map((p) => sign * p[axis])).toBeAllclose(expected, { atol: 1e-6 });
    }
  });

  it("of no nodes, one, and two", () => {
    const network = new Network();
    for (const layout of [circularLayout, spectralLayout, (n: Network) => springLayout(n, { seed: 0 })])
      expect(layout(network).size).toBe(0);
    network.addNode("a");
    expect(circularLayout(network, { center: [3, 4] }).get("a")).toEqual([3, 4]);
    network.addNode("b");
    expect(points(springLayout(network, { seed: 0 })).every(Number.isFinite)).toBe(true);
    expect(() => springLayout(network, { seed: 0, fixed: ["a"] })).toThrow(
      "fixed is a, expected nodes with a position",
    );
    expect(() => springLayout(network, { seed: 0, k: 0 })).toThrow("k is 0");
  });
});

describe("Weisfeiler and Leman's test", () => {
  const list = (edges: readonly [number, number][], numNodes: number) => ({
    numNodes,
    sources: Int32Array.from(edges.flatMap(([u, v]) => [u, v])),
    targets: Int32Array.from(edges.flatMap(([u, v]) => [v, u])),
  });
  it.each(ofKind("wl-is-not-isomorphism").map((c) => [c.id, c] as const))("%s", (_, { input, right }) => {
    const answer = weisfeilerLemanTest(list(input.a, input.na), list(input.b, input.nb));
    expect(answer).toBe(right.sameWl ? "maybe" : "different");
    expect(answer === "different" && right.isomorphic).toBe(false);
  });
});
