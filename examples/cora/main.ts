// What papers are about, by their words and by what they cite: graph networks on Cora.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  disposeLeaves,
  Dropout,
  elu,
  Linear,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { planetoid } from "@pellucid/datasets";
import {
  ChebConv,
  type ConvGraph,
  DeepGcn,
  GATConv,
  GatedGraphConv,
  Gcn,
  GCNConv,
  type GraphData,
  normalizeFeatures,
  SAGEConv,
  toGraph,
} from "@pellucid/gnn";
import { argMax, gather, type Tensor1D, tensor1d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

type NodeModel = Module & { forward(graph: ConvGraph): Tensor2D };
type Act = (x: Tensor2D) => Tensor2D;

/** Two convolutions, with dropout before each. */
class Two extends Module {
  readonly conv1: NodeModel;
  readonly conv2: NodeModel;
  readonly dropout: Dropout;
  readonly act: Act;

  constructor(
    conv1: NodeModel,
    conv2: NodeModel,
    { rng, p = 0.5, act = relu }: { rng: Rng; p?: number; act?: Act },
  ) {
    super();
    this.conv1 = conv1;
    this.conv2 = conv2;
    this.dropout = new Dropout(p, { rng });
    this.act = act;
  }

  /** @returns logits `[node, class]` */
  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    const { conv1, conv2, dropout, act } = this;
    return tidy(() => {
      const h = act(conv1.forward({ edgeIndex, x: dropout.forward(x) }));
      return conv2.forward({ edgeIndex, x: dropout.forward(h) });
    });
  }
}

/** Two steps of a gated graph convolution, between two maps of each node. */
class Gated extends Module {
  readonly lin1: Linear;
  readonly conv: GatedGraphConv;
  readonly lin2: Linear;
  readonly dropout: Dropout;

  constructor(features: number, classes: number, { rng }: { readonly rng: Rng }) {
    super();
    this.lin1 = new Linear(features, 32, { rng });
    this.conv = new GatedGraphConv(32, 2, { rng });
    this.lin2 = new Linear(32, classes, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  /** @returns logits `[node, class]` */
  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    const { lin1, conv, lin2, dropout } = this;
    return tidy(() => {
      const h = conv.forward({ edgeIndex, x: relu(lin1.forward(dropout.forward(x))) });
      return lin2.forward(dropout.forward(h));
    });
  }
}

/** From the features and classes of a graph to a model. */
const models = {
  gcn: (features, classes, rng) =>
    new Two(new GCNConv(features, 16, { rng }), new GCNConv(16, classes, { rng }), { rng }),
  gat: (features, classes, rng) =>
    new Two(
      new GATConv(features, 8, { rng, heads: 8, dropout: 0.6 }),
      new GATConv(64, classes, { rng, concat: false, dropout: 0.6 }),
      { rng, p: 0.6, act: elu },
    ),
  sage: (features, classes, rng) =>
    new Two(new SAGEConv(features, 16, { rng }), new SAGEConv(16, classes, { rng }), { rng }),
  cheb: (features, classes, rng) =>
    new Two(new ChebConv(features, 16, 2, { rng }), new ChebConv(16, classes, 2, { rng }), { rng }),
  gated: (features, classes, rng) => new Gated(features, classes, { rng }),
  jumping: (features, classes, rng) =>
    new Gcn(features, 16, 4, { rng, jk: "cat", outChannels: classes, dropout: 0.5 }),
  deeper: (features, classes, rng, depth) => new DeepGcn(features, 64, classes, depth, { rng, dropout: 0.5 }),
} satisfies Record<string, (features: number, classes: number, rng: Rng, depth: number) => NodeModel>;

/** What to train. */
export interface CoraOptions {
  readonly data: GraphData & Required<Pick<GraphData, "y" | "trainMask" | "valMask" | "testMask">>;
  readonly model?: keyof typeof models;
  /** How many layers `deeper` has. Default: 14. */
  readonly depth?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains on the whole graph; the share of test nodes that are right at the epoch that is best on the validation nodes. */
export async function main({
  data,
  model: name = "gcn",
  depth = 14,
  epochs = 200,
  seed = 0,
  log = () => {},
}: CoraOptions): Promise<number> {
  const { x, edgeIndex, y } = toGraph({
    ...normalizeFeatures({ x: data.x }),
    edgeIndex: data.edgeIndex,
    y: data.y,
  });
  const labels = Array.from(y.dataSync<"int32">());
  const [train, val, test] = [data.trainMask, data.valMask, data.testMask].map((mask) =>
    [...mask.data.keys()].filter((node) => mask.data[node] === 1),
  ) as [number[], number[], number[]];
  const classes = Math.max(...labels) + 1;
  const model = models[name](x.shape[1], classes, new Rng(seed), depth);
  const learningRate = name === "gat" ? 0.005 : 0.01;
  const optimizer = new Optimizer(adam({ learningRate, weightDecay: 5e-4 }), trainable(model));
  const chosen = tensor1d(train, "int32");
  const wanted = gather(y as Tensor1D, chosen);
  let [best, tested] = [0, 0];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const loss = await trainStep(model, optimizer, () =>
      crossEntropy(gather(model.forward({ x, edgeIndex }), chosen), wanted),
    );
    const guesses = tidy(() => argMax(model.forward({ x, edgeIndex }), 1).dataSync<"int32">());
    const right = (nodes: readonly number[]) =>
      nodes.filter((node) => guesses[node] === labels[node]).length / nodes.length;
    if (right(val) > best) [best, tested] = [right(val), right(test)];
    if (epoch % 50 === 0)
      log(`epoch ${epoch}: loss ${loss.toFixed(3)}, validation ${(100 * right(val)).toFixed(1)} %`);
  }
  disposeLeaves({ x, edgeIndex, y, chosen, wanted });
  optimizer.dispose();
  model.dispose();
  return tested;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: "gcn" },
      depth: { type: "string", default: "14" },
      epochs: { type: "string", default: "200" },
      seed: { type: "string", default: "0" },
    },
  });
  await useBackend({ only: "wasm" });
  const root = process.env["PELLUCID_DATA"];
  const data = await planetoid("cora", root === undefined ? {} : { folder: join(root, "planetoid") });
  const share = await main({
    data,
    model: values.model as keyof typeof models,
    depth: Number(values.depth),
    epochs: Number(values.epochs),
    seed: Number(values.seed),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${values.model}: ${(100 * share).toFixed(1)} % of the test papers are right\n`);
}
