// The ranks of pages, from who links to whom: the original graph network, whose states are a fixed point, learns them on one graph and knows them on another.
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  disposeLeaves,
  Linear,
  Module,
  mseLoss,
  Optimizer,
  r2Score,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { type ConvGraph, erdosRenyi, GraphConv, Network, pageRank, ScarselliConv } from "@pellucid/gnn";
import { concat, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Pages with a topic, 0 or 1, and what is to be found of each: its rank, doubled for topic 1. */
export interface Pages extends ConvGraph {
  /** `[page, 1]`, relative to the mean rank. */
  readonly wanted: Tensor2D;
}

/** Pages that link to each other by chance, to four others on average. */
export function drawPages(count: number, rng: Rng): Pages {
  const { sources, targets } = erdosRenyi(count, 4 / count, { rng, directed: true });
  const links = Array.from(sources, (page, e) => [page, targets[e] as number] as const);
  const linking = new Set(sources);
  for (let page = 0; page < count; page++)
    if (!linking.has(page)) links.push([page, (page + 1 + (rng.uint32() % (count - 1))) % count]);
  const network = new Network({ directed: true });
  network.addNodesFrom(Array(count).keys());
  network.addEdgesFrom(links);
  const ranks = pageRank(network, { tol: 1e-9 });
  const topics = Array.from({ length: count }, () => rng.uint32() % 2);
  return {
    x: tensor2d(topics, [count, 1]),
    edgeIndex: tensor2d([links.map(([page]) => page), links.map(([, to]) => to)], [2, links.length], "int32"),
    wanted: tensor2d(
      topics.map((topic, page) => (1 + topic) * count * (ranks.get(page) as number)),
      [count, 1],
    ),
  };
}

/** From pages to their states, and from states and topics to numbers. */
const models = {
  "fixed-point": (rng) => new ScarselliConv(1, 4, { rng, tolerance: 1e-5 }),
  "two-steps": (rng) => new TwoSteps(rng),
} satisfies Record<string, (rng: Rng) => Module & { forward(pages: ConvGraph): Tensor2D }>;

/** Two graph convolutions: a page sees who links to it, and who links to those, and no further. */
class TwoSteps extends Module {
  readonly conv1: GraphConv;
  readonly conv2: GraphConv;

  constructor(rng: Rng) {
    super();
    this.conv1 = new GraphConv(1, 16, { rng });
    this.conv2 = new GraphConv(16, 4, { rng });
  }

  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    return tidy(() => this.conv2.forward({ edgeIndex, x: relu(this.conv1.forward({ x, edgeIndex })) }));
  }
}

/** A model and a small network that reads its states. */
class Ranks extends Module {
  readonly states: Module & { forward(pages: ConvGraph): Tensor2D };
  readonly hidden: Linear;
  readonly out: Linear;

  constructor(name: keyof typeof models, rng: Rng) {
    super();
    this.states = models[name](rng);
    this.hidden = new Linear(5, 16, { rng });
    this.out = new Linear(16, 1, { rng });
  }

  /** @returns `[page, 1]` */
  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    return tidy(() => {
      const seen = concat([this.states.forward({ x, edgeIndex }), x], 1); // [page, 4 + 1]
      return this.out.forward(relu(this.hidden.forward(seen)));
    });
  }
}

/** What to train. */
export interface RankOptions {
  readonly model?: keyof typeof models;
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains on 100 pages; the share of the variance of 400 other pages' ranks that is explained. */
export async function main({
  model: name = "fixed-point",
  steps = 300,
  seed = 0,
  log = () => {},
}: RankOptions = {}): Promise<number> {
  const rng = new Rng(seed);
  const [known, unseen] = [drawPages(100, rng), drawPages(400, rng)];
  const model = new Ranks(name, rng);
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
  for (let step = 1; step <= steps; step++) {
    const loss = await trainStep(model, optimizer, () => mseLoss(model.forward(known), known.wanted));
    if (step % 50 === 0) log(`step ${step}: mean squared error ${loss.toFixed(4)}`);
  }
  const found = model.forward(unseen);
  const explained = await r2Score(found, unseen.wanted);
  disposeLeaves([known, unseen, found]);
  optimizer.dispose();
  model.dispose();
  return explained;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: "fixed-point" },
      steps: { type: "string", default: "300" },
      seed: { type: "string", default: "0" },
    },
  });
  await useBackend({ only: "wasm" });
  const explained = await main({
    model: values.model as keyof typeof models,
    steps: Number(values.steps),
    seed: Number(values.seed),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${(100 * explained).toFixed(1)} % of the variance of 400 other pages' ranks\n`);
}
