// Scripts of PyG from their seeds: initial weights, dropout of features and of attention, Adam; the same losses.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  dropout,
  elu,
  isTraining,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { GATConv, GCNConv, type Graph, graphOf } from "@pellucid/gnn";
import { fixture } from "@pellucid/testing";
import { gather, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Replay {
  readonly small: Record<"gcn" | "gat", number[]>;
  readonly cora: Record<"gcn" | "gat", number[]>;
  readonly edges: [number[], number[]];
}
const torch = fixture<Replay>(import.meta.url, "../fixtures/torch/replay.json");

class Gcn extends Module {
  readonly conv1: GCNConv;
  readonly conv2: GCNConv;
  readonly rng: Rng;

  constructor(features: number, classes: number, rng: Rng) {
    super();
    this.conv1 = new GCNConv(features, 16, { rng });
    this.conv2 = new GCNConv(16, classes, { rng });
    this.rng = rng;
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const drop = (h: Tensor2D) => (isTraining(this) ? dropout(h, 0.5, this) : h);
    const h = relu(this.conv1.forward({ x: drop(x), edgeIndex }));
    return this.conv2.forward({ x: drop(h), edgeIndex });
  }
}

class Gat extends Module {
  readonly conv1: GATConv;
  readonly conv2: GATConv;
  readonly rng: Rng;

  constructor(features: number, classes: number, rng: Rng) {
    super();
    this.conv1 = new GATConv(features, 8, { rng, heads: 8, dropout: 0.6 });
    this.conv2 = new GATConv(64, classes, { rng, heads: 1, concat: false, dropout: 0.6 });
    this.rng = rng;
  }

  forward({ x, edgeIndex }: Graph): Tensor2D {
    const drop = (h: Tensor2D) => (isTraining(this) ? dropout(h, 0.6, this) : h);
    const h = elu(this.conv1.forward({ x: drop(x), edgeIndex }));
    return this.conv2.forward({ x: drop(h), edgeIndex });
  }
}

type Model = Module & { forward(graph: Graph): Tensor2D };

/** `torch.manual_seed(12345)`, Adam with a weight decay of 5e-4, the mean cross-entropy of the training nodes. */
async function losses(
  make: (rng: Rng) => Model,
  graph: Graph,
  learningRate: number,
  epochs: number,
): Promise<number[]> {
  const model = make(new Rng(12345));
  const optimizer = new Optimizer(adam({ learningRate, weightDecay: 5e-4 }), trainable(model));
  const chosen = Array.from(graph.trainMask?.dataSync() ?? [], (isIn, i) => (isIn ? i : -1)).filter(
    (i) => i >= 0,
  );
  const nodes = tensor1d(chosen, "int32");
  const labels = gather(graph.y as Tensor2D, nodes);
  const found: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++)
    found.push(
      await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), nodes), labels)),
    );
  optimizer.dispose();
  model.dispose();
  return found;
}

/** Forty nodes in two groups, as `replay.py` has them. */
function small(): Graph {
  const n = 40;
  return graphOf({
    x: Array.from({ length: n }, (_, i) =>
      Array.from({ length: 12 }, (_, k) => Math.sin((12 * i + k) * 1.7)),
    ),
    edgeIndex: torch.edges,
    y: Int32Array.from({ length: n }, (_, i) => i % 2),
    trainMask: Array.from({ length: n }, (_, i) => i < 24),
  });
}

const data = process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../shared/data");
const folder = join(data, "planetoid");

function cora(): Graph {
  const read = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  const rows = read("cora.content").map((line) => line.split("\t"));
  const edges = read("cora.edges").map((line) => line.split("\t").map(Number));
  return graphOf({
    x: rows.map(([, , , words = ""]) => {
      const x = new Array<number>(1433).fill(0);
      const ids = words.split(" ").filter(Boolean).map(Number);
      for (const id of ids) x[id] = 1 / ids.length;
      return x;
    }),
    edgeIndex: [edges.map(([j]) => j as number), edges.map(([, i]) => i as number)],
    y: Int32Array.from(rows, ([, label]) => Number(label)),
    trainMask: rows.map(([, , split]) => split === "train"),
  });
}

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test("a graph convolutional network has PyG's losses for 100 epochs", async () => {
    const found = await losses((rng) => new Gcn(12, 2, rng), small(), 0.01, 100);
    expect(found).toBeAllclose(torch.small.gcn, { rtol: 0, atol: 1e-4 });
  });

  const some = only === "cpu" ? 20 : 100; // which takes a tenth of a second each there
  test(`a graph attention network has PyG's losses for ${some} epochs`, async () => {
    const found = await losses((rng) => new Gat(12, 2, rng), small(), 0.005, some);
    expect(found).toBeAllclose(torch.small.gat.slice(0, some), { rtol: 0, atol: 1e-4 });
  });
});

describe.skipIf(!existsSync(join(folder, "cora.content")))("on Cora, on wasm", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  const epochs = process.env["PELLUCID_LONG"] === undefined ? 3 : 100;

  test(
    `a graph convolutional network has PyG's losses for ${epochs} epochs`,
    { timeout: 300_000 },
    async () => {
      const found = await losses((rng) => new Gcn(1433, 7, rng), cora(), 0.01, epochs);
      expect(found).toBeAllclose(torch.cora.gcn.slice(0, epochs), { rtol: 0, atol: 1e-4 });
    },
  );

  test(`a graph attention network has PyG's losses for ${epochs} epochs`, { timeout: 300_000 }, async () => {
    const found = await losses((rng) => new Gat(1433, 7, rng), cora(), 0.005, epochs);
    expect(found).toBeAllclose(torch.cora.gat.slice(0, epochs), { rtol: 0, atol: 1e-4 });
  });
});
