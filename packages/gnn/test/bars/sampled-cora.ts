// Models of Cora's nodes, trained on sampled parts of the graph and tested on all of it.
import { adam, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { cora } from "./cora.ts";
import { accuracy } from "./fit-nodes.ts";
import { byClusters } from "./sampled/by-clusters.ts";
import { byFastGcn, byLadies } from "./sampled/by-layers.ts";
import { byNeighbors } from "./sampled/by-neighbors.ts";
import { bySaint } from "./sampled/by-saint.ts";
import { byVisits } from "./sampled/by-visits.ts";
import { gcn, sage } from "./sampled/convolved.ts";
import { fullBatch } from "./sampled/full-batch.ts";
import type { Make } from "./sampled/method.ts";

/** Each sampler, and the model on the whole graph that it is to match. */
export const methods: Readonly<Record<string, { readonly make: Make; readonly like: "GCN" | "SAGE" }>> = {
  "neighbors of GraphSAGE": { make: byNeighbors, like: "SAGE" },
  "neighbors of PinSAGE": { make: byVisits, like: "SAGE" },
  "layers of FastGCN": { make: byFastGcn, like: "GCN" },
  "layers of LADIES": { make: byLadies, like: "GCN" },
  "clusters of ClusterGCN": { make: byClusters, like: "GCN" },
  "nodes of GraphSAINT": { make: bySaint("node", 2400), like: "GCN" },
  "edges of GraphSAINT": { make: bySaint("edge", 1200), like: "GCN" },
  "walks of GraphSAINT": { make: bySaint("walk", 600), like: "GCN" },
};

export const onAll: Readonly<Record<"GCN" | "SAGE", Make>> = { GCN: fullBatch(gcn), SAGE: fullBatch(sage) };

/** The accuracy on the test nodes at the first epoch that is best on the validation nodes. */
export async function accuracyOf(make: Make, epochs: number, seed: number): Promise<number> {
  const { labels, val, test } = cora();
  const method = make(new Rng(seed));
  const optimizer = new Optimizer(adam({ learningRate: 0.01, weightDecay: 5e-4 }), trainable(method.model));
  let [best, tested] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    await method.epoch((loss) => trainStep(method.model, optimizer, loss));
    const logits = method.logits();
    const valid = accuracy(logits, labels, val);
    if (valid > best) [best, tested] = [valid, accuracy(logits, labels, test)];
    logits.dispose();
  }
  optimizer.dispose();
  method.model.dispose();
  return tested;
}
