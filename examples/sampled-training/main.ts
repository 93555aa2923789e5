// A graph that is too large for one step: GraphSAGE on a million edges by sampled neighbors.
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  type Layer,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { type ConvGraph, graphBatches, neighborSampler, SAGEConv, stochasticBlockModel } from "@pellucid/gnn";
import { argMax, equal, gather, sum, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Two GraphSAGE convolutions. */
export class Sage extends Module implements Layer<ConvGraph, Tensor2D> {
  readonly conv1: SAGEConv;
  readonly conv2: SAGEConv;

  constructor(features: number, classes: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new SAGEConv(features, 32, { rng });
    this.conv2 = new SAGEConv(32, classes, { rng });
  }

  /** @returns logits `[node, class]` */
  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    return tidy(() => this.conv2.forward({ edgeIndex, x: relu(this.conv1.forward({ edgeIndex, x })) }));
  }
}

/** How large the graph is, and how long to train. */
export interface SampledOptions {
  /** Nodes of each of ten blocks. */
  readonly blockSize?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains on one node of ten, and gives the share of other nodes that are right. */
export async function main({ blockSize = 5000, steps = 100, seed = 0, log = () => {} }: SampledOptions = {}) {
  const rng = new Rng(seed);
  const blocks = Array.from({ length: 10 }, (_, a) =>
    Array.from({ length: 10 }, (__, b) => (a === b ? 14 : 0.7) / blockSize),
  );
  const graph = stochasticBlockModel(Array<number>(10).fill(blockSize), blocks, {
    rng,
    features: 16,
    separation: 0.25,
  });
  const nodes = 10 * blockSize;
  log(`${nodes} nodes, ${graph.edgeIndex.shape[1]} edges`);
  const order = rng.randperm(nodes);
  const sampler = (part: Int32Array) => neighborSampler(graph, [10, 10], { nodes: part });
  const model = new Sage(16, 10, { rng });
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
  const train = graphBatches(sampler(order.slice(0, nodes / 10)), { size: 128, shuffle: true, rng });
  let step = 0;
  while (step < steps)
    for await (const batch of train) {
      const loss = await trainStep(model, optimizer, () =>
        crossEntropy(
          gather(model.forward(batch as ConvGraph), batch.seeds),
          gather(batch.y as Tensor, batch.seeds),
        ),
      );
      if (++step % 25 === 0)
        log(`step ${step}: loss ${loss.toFixed(3)}, ${batch.x.shape[0]} nodes in the batch`);
      if (step === steps) break;
    }
  const test = order.slice(nodes / 10, nodes / 10 + Math.min(2000, nodes / 2));
  let right = 0;
  for await (const batch of graphBatches(sampler(test), { size: 500, rng })) {
    const hits = tidy(() =>
      sum(
        equal(
          argMax(gather(model.forward(batch as ConvGraph), batch.seeds), 1),
          gather(batch.y as Tensor, batch.seeds),
        ),
      ),
    );
    right += (await hits.data())[0] as number;
    hits.dispose();
  }
  optimizer.dispose();
  model.dispose();
  return { edges: graph.edgeIndex.shape[1] as number, accuracy: right / test.length };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { block: { type: "string", default: "5000" }, steps: { type: "string", default: "100" } },
  });
  await useBackend({ only: "wasm" });
  const start = performance.now();
  const { accuracy } = await main({
    blockSize: Number(values.block),
    steps: Number(values.steps),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(
    `${(100 * accuracy).toFixed(1)} % of unseen nodes are right, after ${seconds.toFixed(0)} s\n`,
  );
}
