import { disposeLeaves, logSoftmax, Rng, rocAuc } from "@pellucid/core-train";
import { kHopSubgraph, maskEdges, Network, springLayout } from "@pellucid/gnn";
import {
  edgeGradients,
  edgeIntegratedGradients,
  edgeOcclusion,
  gnnExplainer,
  type MaskedScore,
  nodeScore,
} from "@pellucid/interpret";
import { network } from "@pellucid/interpret/draw";

import { argMax, dispose, reshape, slice, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { housePart, type Houses, houses } from "../nets/houses.ts";
import type { Run } from "./run.ts";

/** What can explain a node. */
export const methods = {
  GNNExplainer: "learned mask",
  gradients: "gradient at each edge",
  "integrated gradients": "integrated gradient of each edge",
  occlusion: "fall of the score without each edge",
} as const;

export interface Options {
  /** A node of a house: 60 to 119. */
  readonly node: number;
  readonly method: keyof typeof methods;
  readonly epochs: number;
  readonly seed: number;
}

export const options: Options = { node: 66, method: "GNNExplainer", epochs: 100, seed: 0 };

export async function program(chosen: Options, run: Run = {}) {
  const given = await houses();
  try {
    return await explain(given, chosen, run);
  } finally {
    given.net.dispose();
    disposeLeaves(given.graph);
  }
}

async function explain(
  { net, graph, edges, truth }: Houses,
  { node, method, epochs, seed }: Options,
  run: Run,
) {
  const count = edges.sources.length;
  const best = tidy(() => argMax(reshape(slice(net.forward(graph), [node, 0], [1, 4]), [4]), 0));
  const [predicted = 0] = await best.data();
  best.dispose();
  const logit: MaskedScore = (mask) =>
    maskEdges(net, graph.edgeIndex, mask, () => nodeScore(net, node, predicted)(graph));
  const logProbability: MaskedScore = (mask) =>
    tidy(() =>
      maskEdges(net, graph.edgeIndex, mask, () =>
        slice(logSoftmax(net.forward(graph)), [node, predicted], [1, 1]),
      ),
    );
  const around = kHopSubgraph(edges, [node], 2); // what is drawn
  const reach = kHopSubgraph(edges, [node], 3).edges; // what three layers see
  const found = await explained(method, {
    logit,
    logProbability,
    count,
    epochs,
    seed,
    near: reach,
    run,
  });
  const importance = Float32Array.from(await found.data());
  dispose(found);
  const inHouse = housePart(node);
  const isTrue = Array.from(reach, (e) => Number(truth[e] === 1 && inHouse(edges.sources[e] as number)));
  const amount = (e: number) => Math.abs(importance[e] as number);
  const [scores, labels] = [tensor1d(Array.from(reach, amount)), tensor1d(isTrue, "int32")];
  const auc = await rocAuc(scores, labels);
  dispose([scores, labels]);
  const drawnNetwork = new Network();
  drawnNetwork.addNodesFrom(around.nodes);
  drawnNetwork.addEdgesFrom(
    Array.from(around.edges, (e) => [edges.sources[e] as number, edges.targets[e] as number] as const),
  );
  const layout = springLayout(drawnNetwork, { seed: 4, iterations: 150 });
  const drawn = network(
    {
      positions: Array.from(around.nodes, (v) => layout.get(v) ?? [0, 0]),
      edges: Array.from(around.sources, (u, e) => [u, around.targets[e] as number] as const),
    },
    {
      title: `What explains node ${node}: ${methods[method]}`,
      nodeLabels: Array.from(around.nodes, String),
      classes: Array.from(around.nodes, (v) => Number(inHouse(v))),
      classNames: ["not of its house", "of its house"],
      edgeAmounts: Array.from(around.edges, amount),
      edgeLabel: "important",
      marked: [around.nodes.indexOf(node)],
    },
  );
  return { pictures: [drawn], auc, predicted, node };
}

interface Work {
  readonly logit: MaskedScore;
  readonly logProbability: MaskedScore;
  readonly count: number;
  readonly epochs: number;
  readonly seed: number;
  readonly near: Int32Array;
  readonly run: Run;
}

async function explained(
  method: Options["method"],
  { logit, logProbability, count, epochs, seed, near, run }: Work,
) {
  if (method === "gradients") return edgeGradients(logit)(count);
  if (method === "integrated gradients") return edgeIntegratedGradients(logit, { steps: 10 })(count);
  if (method === "occlusion") {
    const groups = Array.from({ length: count }, (_, e) => (near.includes(e) ? e : -1));
    return edgeOcclusion(logit, { ...run, groups })(count);
  }
  const rng = new Rng(seed);
  const { edges } = await gnnExplainer(({ edges: mask }) => logProbability(mask), {
    ...(run.signal && { signal: run.signal }),
    ...(run.onProgress && { onProgress: run.onProgress }),
    rng,
    epochs,
    nodes: 120,
    learningRate: 0.15,
  })(count);
  return edges;
}
