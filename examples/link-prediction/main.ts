// Which nodes are joined: a graph autoencoder on a graph of blocks, from edges that it has seen to edges that it has not.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  binaryCrossEntropyWithLogits,
  type Layer,
  Module,
  Optimizer,
  relu,
  Rng,
  rocAuc,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  GCNConv,
  type Graph,
  type LinkGraph,
  randomLinkSplit,
  stochasticBlockModel,
  toGraph,
} from "@pellucid/gnn";
import { gather, mul, sum, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";

/** Two graph convolutions: embeddings whose inner products are the logits of edges. */
export class Encoder extends Module implements Layer<Graph, Tensor2D> {
  readonly conv1: GCNConv;
  readonly conv2: GCNConv;

  constructor(features: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new GCNConv(features, 32, { rng });
    this.conv2 = new GCNConv(32, 16, { rng });
  }

  /** @returns `[node, 16]` */
  forward(graph: Graph): Tensor2D {
    return tidy(() => this.conv2.forward({ ...graph, x: relu(this.conv1.forward(graph)) }));
  }
}

/** Trains, and gives the area under the curve on held-out edges, before and after. */
export async function main({ steps = 100, seed = 0 } = {}): Promise<{
  readonly before: number;
  readonly after: number;
}> {
  const rng = new Rng(seed);
  const blocks = Array.from({ length: 5 }, (_, a) =>
    Array.from({ length: 5 }, (__, b) => (a === b ? 0.12 : 0.004)),
  );
  const data = stochasticBlockModel([80, 80, 80, 80, 80], blocks, { rng, features: 16, separation: 0.5 });
  const split = randomLinkSplit(data, { rng, isUndirected: true, numVal: 0.05, numTest: 0.15 });
  const [train, test] = [linksOf(split.train), linksOf(split.test)];
  const model = new Encoder(16, { rng });
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
  const logits = ({ graph, sources, targets }: Links) => {
    const z = model.forward(graph); // [node, 16]
    return sum(mul(gather(z, sources), gather(z, targets)), 1); // [label]
  };
  const auc = async () => {
    const scores = tidy(() => logits(test));
    const area = await rocAuc(scores, test.labels);
    scores.dispose();
    return area;
  };
  const before = await auc();
  for (let step = 0; step < steps; step++)
    await trainStep(model, optimizer, () => binaryCrossEntropyWithLogits(logits(train), train.labels));
  const after = await auc();
  for (const tensor of [train, test].flatMap(({ graph, sources, targets, labels }) => [
    ...Object.values(graph),
    sources,
    targets,
    labels,
  ]))
    tensor.dispose();
  optimizer.dispose();
  model.dispose();
  return { before, after };
}

type Links = ReturnType<typeof linksOf>;

/** The tensors of a graph with edges to predict. */
function linksOf({ edgeLabelIndex, edgeLabel, x, edgeIndex }: LinkGraph) {
  const count = edgeLabel.data.length;
  return {
    graph: toGraph({ x, edgeIndex }),
    sources: tensor1d(edgeLabelIndex.data.slice(0, count), "int32"),
    targets: tensor1d(edgeLabelIndex.data.slice(count), "int32"),
    labels: tensor1d(edgeLabel.data),
  };
}

if (import.meta.main) {
  await useBackend({ only: "wasm" });
  const { before, after } = await main();
  process.stdout.write(
    `area under the curve on unseen edges: ${before.toFixed(3)} before training, ${after.toFixed(3)} after\n`,
  );
}
