import {
  crossEntropy,
  type Module,
  Optimizer,
  Rng,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import type { Graph } from "@pellucid/gnn";
import { argMax, gather, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { cora } from "./cora.ts";

/** A model of nodes, which gives their logits. */
export type NodeModel = Module & { forward(graph: Graph): Tensor2D };

/** A model and how it is trained. */
export interface Recipe {
  readonly make: (rng: Rng) => NodeModel;
  readonly transform: Transform<never>;
  /** Default: 200. */
  readonly epochs?: number;
}

/** The share of some nodes whose class is guessed right. */
export function accuracy(logits: Tensor2D, labels: Int32Array, nodes: Int32Array): number {
  const guesses = tidy(() => argMax(logits, 1).dataSync<"int32">());
  return nodes.filter((node) => guesses[node] === labels[node]).length / nodes.length;
}

/** Trains on the whole graph; the accuracy on the test nodes at the first epoch that is best on the validation nodes. */
export async function fitNodes(
  { make, transform, epochs = 200 }: Recipe,
  graph: Graph,
  split: ReturnType<typeof cora>,
  seed: number,
): Promise<number> {
  const model = make(new Rng(seed));
  const optimizer = new Optimizer(transform, trainable(model));
  const nodes = tensor1d(split.train, "int32");
  const labels = gather(tensor1d(split.labels, "int32"), nodes);
  let [best, tested] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), nodes), labels));
    const logits = model.forward(graph);
    const valid = accuracy(logits, split.labels, split.val);
    if (valid > best) [best, tested] = [valid, accuracy(logits, split.labels, split.test)];
    logits.dispose();
  }
  optimizer.dispose();
  model.dispose();
  return tested;
}
