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
  GATConv,
  GCNConv,
  type GraphData,
  normalizeFeatures,
  SAGEConv,
  toGraph,
} from "@pellucid/gnn";
import { argMax, gather, type Tensor1D, tensor1d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

type Conv = Module & { forward(graph: ConvGraph): Tensor2D };

/** The layers of each model, and its learning rate. */
const models = {
  gcn: { rate: 0.01, p: 0.5, hidden: 16, conv: (from, to, rng) => new GCNConv(from, to, { rng }) },
  gat: {
    rate: 0.005,
    p: 0.6,
    hidden: 64,
    conv: (from, to, rng, isLast) =>
      isLast
        ? new GATConv(from, to, { rng, concat: false, dropout: 0.6 })
        : new GATConv(from, to / 8, { rng, heads: 8, dropout: 0.6 }),
  },
  sage: { rate: 0.01, p: 0.5, hidden: 16, conv: (from, to, rng) => new SAGEConv(from, to, { rng }) },
  cheb: { rate: 0.01, p: 0.5, hidden: 16, conv: (from, to, rng) => new ChebConv(from, to, 2, { rng }) },
} satisfies Record<
  string,
  {
    rate: number;
    p: number;
    hidden: number;
    conv: (from: number, to: number, rng: Rng, isLast: boolean) => unknown;
  }
>;

/** Two convolutions, with dropout before each. */
export class Net extends Module {
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly dropout: Dropout;
  readonly act: (x: Tensor2D) => Tensor2D;

  constructor(name: keyof typeof models, features: number, classes: number, { rng }: { readonly rng: Rng }) {
    super();
    const { conv, hidden, p } = models[name];
    this.conv1 = conv(features, hidden, rng, false) as Conv;
    this.conv2 = conv(hidden, classes, rng, true) as Conv;
    this.dropout = new Dropout(p, { rng });
    this.act = name === "gat" ? elu : relu;
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

/** What to train. */
export interface CoraOptions {
  readonly data: GraphData & Required<Pick<GraphData, "y" | "trainMask" | "valMask" | "testMask">>;
  readonly model?: keyof typeof models;
  readonly epochs?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains on the whole graph; the share of test nodes that are right at the epoch that is best on the validation nodes. */
export async function main({
  data,
  model: name = "gcn",
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
  const model = new Net(name, x.shape[1], classes, { rng: new Rng(seed) });
  const { rate } = models[name];
  const optimizer = new Optimizer(adam({ learningRate: rate, weightDecay: 5e-4 }), trainable(model));
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
    epochs: Number(values.epochs),
    seed: Number(values.seed),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${values.model}: ${(100 * share).toFixed(1)} % of the test papers are right\n`);
}
