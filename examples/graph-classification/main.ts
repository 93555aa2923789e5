// Which molecules are mutagenic: a graph isomorphism network on MUTAG, one fold of ten or all.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  BatchNorm1d,
  batches,
  crossEntropy,
  Dropout,
  type Layer,
  Linear,
  Module,
  Optimizer,
  relu,
  ReLU,
  Rng,
  Sequential,
  Subset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { type LabeledGraphs, tuDataset } from "@pellucid/datasets";
import {
  collateGraphs,
  type Edges,
  GINConv,
  globalAddPool,
  type NodesOfGraphs,
  SAGPooling,
} from "@pellucid/gnn";
import { argMax, concat, type Tensor, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Graphs side by side, as `collateGraphs` makes them. */
type Graphs = NodesOfGraphs & Edges & { readonly ptr?: Tensor1D | undefined };

/** Three graph isomorphism convolutions; the sums of the nodes after each of them say what the graph is. */
export class Gin extends Module implements Layer<Graphs, Tensor2D> {
  readonly convs: readonly GINConv[];
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly dropout: Dropout;

  constructor(
    features: number,
    classes: number,
    { rng, hidden = 32 }: { readonly rng: Rng; readonly hidden?: number },
  ) {
    super();
    const conv = (from: number) =>
      new GINConv(
        new Sequential(
          new Linear(from, hidden, { rng }),
          new BatchNorm1d(hidden),
          new ReLU(),
          new Linear(hidden, hidden, { rng }),
          new ReLU(),
        ),
        { rng },
      );
    this.convs = [conv(features), conv(hidden), conv(hidden)];
    this.lin1 = new Linear(3 * hidden, hidden, { rng });
    this.lin2 = new Linear(hidden, classes, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  /** @returns logits `[graph, class]` */
  forward(graphs: Graphs): Tensor2D {
    return tidy(() => {
      const numGraphs = graphs.ptr === undefined ? undefined : graphs.ptr.size - 1;
      const sums: Tensor2D[] = [];
      let { x } = graphs;
      for (const conv of this.convs) {
        x = conv.forward({ edgeIndex: graphs.edgeIndex, x }); // [node, hidden]
        sums.push(globalAddPool({ x, batch: graphs.batch, numGraphs })); // [graph, hidden]
      }
      return this.classify(sums);
    });
  }

  /** From the sums after each convolution to logits. */
  classify(sums: Tensor2D[]): Tensor2D {
    return tidy(() => this.lin2.forward(this.dropout.forward(relu(this.lin1.forward(concat(sums, 1))))));
  }
}

/** The same, but after each convolution only the better half of the nodes is kept, by scores of a graph convolution; the sums are over these. */
export class Pooled extends Module implements Layer<Graphs, Tensor2D> {
  readonly gin: Gin;
  readonly pools: readonly SAGPooling[];

  constructor(
    features: number,
    classes: number,
    { rng, hidden = 32 }: { readonly rng: Rng; readonly hidden?: number },
  ) {
    super();
    this.gin = new Gin(features, classes, { rng, hidden });
    this.pools = this.gin.convs.map(() => new SAGPooling(hidden, { rng, ratio: 0.5 }));
  }

  /** @returns logits `[graph, class]` */
  forward(graphs: Graphs): Tensor2D {
    return tidy(() => {
      const numGraphs = graphs.ptr === undefined ? undefined : graphs.ptr.size - 1;
      const sums: Tensor2D[] = [];
      let kept: Graphs = graphs;
      for (const [i, conv] of this.gin.convs.entries()) {
        const x = conv.forward({ edgeIndex: kept.edgeIndex, x: kept.x });
        kept = (this.pools[i] as SAGPooling).forward({ x, edgeIndex: kept.edgeIndex, batch: kept.batch });
        sums.push(globalAddPool({ x: kept.x, batch: kept.batch, numGraphs })); // [graph, hidden]
      }
      return this.gin.classify(sums);
    });
  }
}

const models = {
  sum: (...sizes) => new Gin(...sizes),
  sag: (...sizes) => new Pooled(...sizes),
} satisfies Record<string, (...sizes: ConstructorParameters<typeof Gin>) => Module & Layer<Graphs, Tensor2D>>;

/** What to train on. */
export interface ClassificationOptions {
  readonly data: LabeledGraphs;
  /** The fold of each graph; those of `fold` are held out. */
  readonly folds: readonly number[];
  readonly fold: number;
  /** Sums over all nodes, or over those that self-attention pooling keeps. Default: `"sum"`. */
  readonly pool?: keyof typeof models;
  readonly epochs?: number;
  /** How many graphs are in a batch. Default: 32. */
  readonly batchSize?: number;
  readonly seed?: number;
}

/** Trains on all folds but one, and gives the share of its graphs that are right after the last epoch. */
export async function main({
  data,
  folds,
  fold,
  pool = "sum",
  epochs = 100,
  batchSize = 32,
  seed = 0,
}: ClassificationOptions): Promise<number> {
  const rng = new Rng(100 * seed + fold);
  const inFold = (wanted: boolean) =>
    new Subset(
      data,
      [...folds.keys()].filter((i) => (folds[i] === fold) === wanted),
    );
  const model = models[pool](data.numFeatures, data.numClasses, { rng });
  const optimizer = new Optimizer(
    adam({ learningRate: (step) => (step < (epochs / 2) * loader.length ? 0.01 : 0.005) }),
    trainable(model),
  );
  const loader = batches(inFold(false), { size: batchSize, shuffle: true, rng, collate: collateGraphs });
  for (let epoch = 0; epoch < epochs; epoch++)
    for await (const batch of loader)
      await trainStep(model, optimizer, () => crossEntropy(model.forward(batch), batch["y"] as Tensor));
  let [right, count] = [0, 0];
  for await (const batch of batches(inFold(true), { size: 256, collate: collateGraphs })) {
    const guesses = tidy(() => argMax(model.forward(batch), 1));
    const labels = await (batch["y"] as Tensor).data();
    right += (await guesses.data()).filter((guess, i) => guess === labels[i]).length;
    count += labels.length;
    guesses.dispose();
  }
  optimizer.dispose();
  model.dispose();
  return right / count;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      name: { type: "string", default: "MUTAG" },
      fold: { type: "string" },
      pool: { type: "string", default: "sum" },
      epochs: { type: "string", default: "100" },
      batch: { type: "string", default: "32" },
      seed: { type: "string", default: "0" },
    },
  });
  await useBackend({ only: "wasm" });
  const root = process.env["PELLUCID_DATA"];
  const folder = root === undefined ? undefined : join(root, "tudataset", values.name);
  const data = await tuDataset(values.name, folder === undefined ? {} : { folder });
  const given =
    folder === undefined
      ? null
      : await readFile(join(folder, `${values.name}_folds.txt`), "utf8").catch(() => null);
  const drawn = new Rng(0).randperm(data.length);
  const folds = given === null ? Array.from(drawn, (i) => i % 10) : given.trim().split("\n").map(Number);
  const wanted =
    values.fold === undefined ? Array.from({ length: 10 }, (_, fold) => fold) : [Number(values.fold)];
  const shares: number[] = [];
  for (const fold of wanted) {
    const sizes = {
      pool: values.pool as keyof typeof models,
      epochs: Number(values.epochs),
      batchSize: Number(values.batch),
      seed: Number(values.seed),
    };
    shares.push(await main({ data, folds, fold, ...sizes }));
    process.stdout.write(`fold ${fold}: ${(100 * (shares.at(-1) as number)).toFixed(1)} %\n`);
  }
  process.stdout.write(`mean ${((100 * shares.reduce((a, b) => a + b, 0)) / shares.length).toFixed(1)} %\n`);
}
