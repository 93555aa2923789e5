// What explains a prediction on a graph: scores whose answer is known, and a trained net with planted houses.
import { readFile } from "node:fs/promises";
import { abs, loadWeights, logSoftmax, relu, rocAuc, Rng, sigmoid, withoutInit } from "@pellucid/core-train";
import { useBackend } from "@pellucid/backends";
import { type Graph, hostEdges, kHopSubgraph, maskEdges } from "@pellucid/gnn";
import {
  argMax,
  concat,
  dispose,
  gather,
  mul,
  slice,
  sum,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { houseGraph, HouseNet, houses } from "../../stories/nets/house-net.ts";
import { edgeAttention } from "./edge-attention.ts";
import { edgeFidelity, explanationStability } from "./edge-fidelity.ts";
import { edgeGradients, edgeIntegratedGradients } from "./edge-gradients.ts";
import { edgeOcclusion } from "./edge-occlusion.ts";
import { edgeScore } from "./edge-score.ts";
import { gnnExplainer } from "./gnn-explainer.ts";
import type { MaskedScore } from "./masked-score.ts";
import { graphScore, nodeScore } from "./node-score.ts";
import { pgExplainer } from "./pg-explainer.ts";
import { subgraphX } from "./subgraph-x.ts";

/** `m₀ m₁ + 2 m₂`: the first two edges are needed together, the third counts for itself, the fourth not at all. */
const known: MaskedScore = (mask) =>
  tidy(() => {
    const at = (e: number) => slice(mask, e, 1);
    return sum(concat([mul(at(0), at(1)), mul(2, at(2))]));
  });

describe("scores", () => {
  const model = { forward: ({ x }: { x: Tensor2D }) => x.clone() };
  const graph = {
    x: tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  };
  it("pick a node, an edge or a graph", () => {
    expect(nodeScore(model, 1, 0)(graph)).toBeAllclose([3]);
    expect(graphScore(model, 1, 2)(graph)).toBeAllclose([6]);
    expect(edgeScore(model, [0, 2])(graph)).toBeAllclose([17]);
    expect(edgeScore(model, [0, 2], { decode: (a, b) => sigmoid(sum(mul(a, b), 1)) })(graph)).toBeAllclose(
      [1],
      { atol: 1e-5 },
    );
  });

  it("refuse what is not there, and leak nothing", () => {
    expect(() => nodeScore(model, 3, 0)(graph)).toThrow(
      "nodeScore: node is 3, expected an integer from 0 to 2",
    );
    expect(() => graphScore(model, 2)(graph)).toThrow("graphScore: class is 2");
    expect(() => edgeScore(model, [0, 1.5])(graph)).toThrow("edgeScore: target is 1.5");
    expect(() => nodeScore(model, 1, 1)(graph)).toLeakNothing();
    expect(() => edgeScore(model, [0, 1])(graph)).toLeakNothing();
  });
});

describe("a score whose answer is known", () => {
  it("has gradients 1, 1, 2, 0, and contributions that add up", () => {
    expect(edgeGradients(known)(4)).toBeAllclose([1, 1, 2, 0]);
    expect(edgeIntegratedGradients(known)(4)).toBeAllclose([0.5, 0.5, 2, 0]);
    expect(() => edgeIntegratedGradients(known)(4)).toLeakNothing();
    expect(() => edgeGradients(known)(4)).toLeakNothing();
  });

  it("falls by 1, 1, 2, 0 without each edge, and by 3 without the first three", async () => {
    expect(await edgeOcclusion(known)(4)).toBeAllclose([1, 1, 2, 0]);
    expect(await edgeOcclusion(known, { groups: [0, 0, 0, 1] })(4)).toBeAllclose([3, 3, 3, 0]);
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(edgeOcclusion(known, { signal: stop })(4)).rejects.toThrow("enough");
  });

  it("has fidelity and sparsity", async () => {
    expect(await edgeFidelity(known, [3, 3, 5, 0], 3)).toEqual({ plus: 3, minus: 0, sparsity: 0.25 });
    expect(await edgeFidelity(known, [0, 0, 5, 0], 1)).toEqual({ plus: 2, minus: 1, sparsity: 0.75 });
    await expect(edgeFidelity(known, [1, 2], 3)).rejects.toThrow(
      "count is 3, expected an integer from 1 to 2",
    );
    expect(
      explanationStability([
        [1, 2, 3],
        [10, 20, 30],
        [3, 2, 1],
      ]),
    ).toBeCloseTo(-1 / 3, 6);
    expect(() => explanationStability([[1]])).toThrow("explanations is 1");
  });

  it("needs three edges, which GNNExplainer keeps; the fourth has no gradient and gets 0", async () => {
    const explain = gnnExplainer(({ edges }) => mul(known(edges), 5), {
      rng: new Rng(0),
      epochs: 120,
      learningRate: 0.15,
    });
    const { edges } = await explain(4);
    const mask = [...edges.dataSync()];
    for (const e of [0, 1, 2]) expect(mask[e]).toBeGreaterThan(0.9);
    expect(mask[3]).toBe(0);
    expect(() => gnnExplainer(() => edges, { rng: new Rng(0), epochs: 0 })).toThrow("epochs is 0");
  });

  it("explains features too", async () => {
    const score = ({ edges, features }: { edges: Tensor1D; features?: Tensor2D }) =>
      tidy(() => mul(8, sum(mul(slice(edges, 0, 1), slice(features as Tensor2D, [0, 1], [1, 1])))));
    const { edges, features } = await gnnExplainer(score, {
      rng: new Rng(1),
      features: 3,
      epochs: 100,
      learningRate: 0.15,
    })(2);
    const [first, second] = edges.dataSync();
    expect(first).toBeGreaterThan(0.9);
    expect(second).toBe(0);
    expect(features?.shape).toEqual([1, 3]);
    expect([...(features?.dataSync() ?? [])].map((m) => m > 0.5)).toEqual([false, true, false]);
  });

  it("refuses scores of several numbers", () => {
    expect(() => edgeGradients((mask) => mask)(3)).toThrow(
      "score is a function that returns [3], expected one number",
    );
    expect(() => edgeGradients(known)(0)).toThrow("edges is 0");
  });
});

it("misspelt options are errors that say how they are written", () => {
  const layer = tensor2d([[1]]);
  expect(() => edgeAttention([layer], { head: "mean" } as never)).toThrow(/^edgeAttention: .*head.*heads/);
  expect(() => edgeIntegratedGradients(known, { step: 2 } as never)).toThrow(
    /^edgeIntegratedGradients: .*step.*steps/,
  );
  expect(() => edgeOcclusion(known, { group: [0] } as never)).toThrow(/^edgeOcclusion: .*group.*groups/);
});

it("edgeAttention takes the largest head and the mean over layers", () => {
  const layers = [
    tensor2d([
      [0.5, 0.2],
      [0.1, 0.4],
    ]),
    tensor2d([
      [1, 0],
      [0.2, 0.3],
    ]),
  ];
  expect(edgeAttention(layers)).toBeAllclose([0.75, 0.35]);
  expect(edgeAttention(layers, { heads: "mean" })).toBeAllclose([0.425, 0.25]);
  expect(() => edgeAttention([])).toThrow("attention is empty");
  expect(() => edgeAttention([tensor2d([[1]]), tensor2d([[1], [2]])])).toThrow("attention 1 is [2, 1]");
  expect(() => edgeAttention(layers, { heads: "min" as never })).toThrow(
    /^edgeAttention: heads is "min", expected "?max/,
  );
  expect(() => edgeAttention(layers)).toLeakNothing();
});

describe("subgraphX", () => {
  it("finds the triangle that the score needs, in a graph where it is one of many parts", async () => {
    const edges = [
      [0, 1],
      [1, 2],
      [2, 0],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 6],
      [6, 3],
    ] as const;
    const triangle: MaskedScore = (mask) =>
      tidy(() => mul(10, mul(mul(slice(mask, 0, 1), slice(mask, 1, 1)), slice(mask, 2, 1))));
    const explain = subgraphX(triangle, { rng: new Rng(0), maxNodes: 3, rollouts: 10, samples: 4 });
    const found = await explain(edges, 7);
    expect(found.nodes).toEqual([0, 1, 2]);
    expect(found.value).toBeCloseTo(10, 5);
    await expect(explain([[0, 9]], 7)).rejects.toThrow("edges is 0 to 9");
    expect(() => subgraphX(triangle, { rng: new Rng(0), maxNodes: 1, keep: [1, 2] })).toThrow(
      "keep is 2 nodes, expected 1 or fewer",
    );
  });
});

describe("a net that finds houses", () => {
  let net: HouseNet;
  let graph: Graph;
  let truth: Float32Array;
  const nodes = [60, 66, 94];
  const list = hostEdges(houses());
  beforeAll(async () => {
    await useBackend({ only: "wasm" });
    net = withoutInit(() => new HouseNet({ rng: new Rng(0) }));
    loadWeights(net, await readFile(new URL("../../stories/nets/house-net.safetensors", import.meta.url)));
    const data = houseGraph();
    graph = data;
    truth = Float32Array.from(data.edgeLabel.dataSync());
    const classes = tidy(() => argMax(net.forward(graph), 1));
    for (const [node, label] of classes.dataSync().entries()) predicted.set(node, label);
    classes.dispose();
  });

  /** The predicted class of a node. */
  const predicted = new Map<number, number>();
  const logits = (node: number) => predicted.get(node) as number;
  const logProbability =
    (node: number): MaskedScore =>
    (mask) =>
      tidy(() =>
        maskEdges(net, graph.edgeIndex, mask, () =>
          slice(logSoftmax(net.forward(graph)), [node, logits(node)], [1, 1]),
        ),
      );
  const logit =
    (node: number): MaskedScore =>
    (mask) =>
      maskEdges(net, graph.edgeIndex, mask, () => nodeScore<Graph>(net, node, logits(node))(graph));

  /** How well a map of edges separates the house of a node from all else within three hops. */
  async function auc(node: number, map: ArrayLike<number>): Promise<number> {
    const house = Math.floor((node - 60) / 5);
    const inside = (v: number) => v >= 60 && Math.floor((v - 60) / 5) === house;
    const kept = Array.from(kHopSubgraph(list, [node], 3).edges);
    const labels = kept.map((e) => Number(truth[e] === 1 && inside(list.sources[e] as number)));
    return rocAuc(tensor1d(kept.map((e) => map[e] as number)), tensor1d(labels, "int32"));
  }
  async function meanAuc(explain: (node: number) => Promise<Tensor1D> | Tensor1D): Promise<number> {
    let sum_ = 0;
    for (const node of nodes) {
      const map = await explain(node);
      sum_ += await auc(node, map.dataSync());
      map.dispose();
    }
    return sum_ / nodes.length;
  }
  const edges = () => graph.edgeIndex.shape[1];

  it("is explained by gradients, and integrated gradients add up", async () => {
    expect(await meanAuc((node) => tidy(() => abs(edgeGradients(logit(node))(edges()))))).toBeGreaterThan(
      0.85,
    );
    // PyTorch's own numbers for this net: .957 for absolute gradients, .958 for absolute integrated ones, .67 with their signs
    const integrated = (node: number) =>
      tidy(() => abs(edgeIntegratedGradients(logit(node), { steps: 10 })(edges())));
    expect(await meanAuc(integrated)).toBeGreaterThan(0.9);
    const shares = edgeIntegratedGradients(logit(60), { steps: 20 })(edges());
    const [whole, none] = tidy(() =>
      [1, 0].map((m) => logit(60)(tensor1d(new Float32Array(edges()).fill(m)))),
    );
    const difference = (whole?.dataSync()[0] as number) - (none?.dataSync()[0] as number);
    const total = Float32Array.from(shares.dataSync()).reduce((a, b) => a + b, 0);
    expect(Math.abs(total - difference)).toBeLessThan(0.05 * Math.abs(difference));
  });

  it("is explained by GNNExplainer, whose explanations are faithful and stable", async () => {
    const found: Float32Array[] = [];
    const explain = async (node: number, seed = 0) => {
      const options = { rng: new Rng(seed), nodes: graph.x.shape[0], epochs: 40, learningRate: 0.1 };
      const { edges: mask } = await gnnExplainer(({ edges: m }) => logProbability(node)(m), options)(edges());
      found.push(Float32Array.from(mask.dataSync()));
      return mask;
    };
    expect(await meanAuc(explain)).toBeGreaterThan(0.8);
    await explain(60, 1);
    const { plus, minus, sparsity } = await edgeFidelity(logit(60), found[0] as Float32Array, 40);
    expect(plus).toBeGreaterThan(minus);
    expect(sparsity).toBeGreaterThan(0.9);
    expect(explanationStability([found[0] as Float32Array, found.at(-1) as Float32Array])).toBeGreaterThan(
      0.3,
    );
  });

  it("is explained by PGExplainer for nodes that it did not see", async () => {
    const embeddings = tidy(() => relu(net.convs[0]?.forward(graph) as Tensor2D));
    const [sources, targets] = graph.edgeIndex.arraySync() as unknown as [number[], number[]];
    const inputs = (node: number) =>
      tidy(
        () =>
          concat(
            [sources, targets, sources.map(() => node)].map((rows) => gather(embeddings, rows)),
            1,
          ) as Tensor2D,
      );
    const learn = [62, 68, 77, 86].map((node) => ({ inputs: inputs(node), score: logProbability(node) }));
    const explain = await pgExplainer(learn, { rng: new Rng(0), epochs: 10, learningRate: 0.01 });
    expect(await meanAuc((node) => explain(inputs(node)))).toBeGreaterThan(0.7);
    explain.dispose();
    dispose([embeddings, ...learn.map((each) => each.inputs)]);
    await expect(pgExplainer([], { rng: new Rng(0) })).rejects.toThrow("instances is empty");
  });
});
