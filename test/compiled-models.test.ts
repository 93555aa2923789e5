// A model of each family, trained compiled, learns the same to the last bit as op by op, from the same random numbers, and infers the same.
import { useBackend } from "@pellucid/backends";
import { BayesianLinear, elboLoss, klOf } from "@pellucid/bayesian";
import { BasicBlock, DigitsCnn, ResNet } from "@pellucid/cnn";
import {
  adam,
  adamw,
  compile,
  crossEntropy,
  fit,
  evaluate,
  generate,
  type LanguageModel,
  type Module,
  mseLoss,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  TensorDataset,
  batches,
  Linear,
  Dropout,
  Accuracy,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { negativeElbo, Vae } from "@pellucid/generative";
import { Gcn, graphOf } from "@pellucid/gnn";
import { EfficientKAN, KAN } from "@pellucid/kan";
import { MambaLm } from "@pellucid/mamba";
import { ntXentLoss } from "@pellucid/metric-learning";
import { RecurrentLm } from "@pellucid/rnn";
import { segmentationLoss, UNet } from "@pellucid/segmentation";
import { ceCountLoss, Leaky, SpikingSequential } from "@pellucid/spiking";
import { Gpt } from "@pellucid/transformer";
import {
  memory,
  reshape,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Learner, trainTwins } from "../packages/core-train/test/compile/twins.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
  graph = graphOf({ x: floats(9, 5)(new Rng(0)) as Tensor2D, edgeIndex: edges(new Rng(3)) as Tensor2D });
});

/** A family's small model, what it learns, and its inputs of a step. */
interface Row {
  readonly make: (rng: Rng) => Module;
  readonly loss: (model: never, x: never, y: never) => Tensor;
  readonly x: (rng: Rng) => Tensor;
  readonly y: (rng: Rng) => Tensor;
}

const floats =
  (...shape: number[]) =>
  (rng: Rng): Tensor =>
    tensor(rng.randn(shape).data, shape);
const ints =
  (below: number, ...shape: number[]) =>
  (rng: Rng): Tensor =>
    tensor(rng.randint(0, below, shape).data, shape, "int32");

type Maps = { forward(x: Tensor): Tensor };
const classify = (model: Maps, x: Tensor, y: Tensor1D): Tensor =>
  crossEntropy(model.forward(x) as Tensor2D, y);
const predictTokens = (model: Maps, x: Tensor, y: Tensor1D): Tensor => {
  const logits = model.forward(x) as Tensor3D;
  return crossEntropy(reshape(logits, [-1, logits.shape[2]]) as Tensor2D, y);
};
const tokens = { x: ints(11, 2, 6), y: ints(11, 12), loss: predictTokens };

const edges = ints(9, 2, 20);
let graph: ReturnType<typeof graphOf>;

const rows: Readonly<Record<string, Row>> = {
  "cnn: a net for digits": {
    make: (rng) => new DigitsCnn({ rng }),
    loss: classify,
    x: floats(4, 8, 8, 1),
    y: ints(10, 4),
  },
  "cnn: a ResNet": {
    make: (rng) => new ResNet(BasicBlock, [1, 1, 1, 1], { rng, numClasses: 3 }),
    loss: classify,
    x: floats(2, 32, 32, 3),
    y: ints(3, 2),
  },
  "transformer: a GPT with dropout": {
    make: (rng) => new Gpt({ rng, vocabSize: 11, blockSize: 6, nLayer: 2, nHead: 2, nEmbd: 8, dropout: 0.1 }),
    ...tokens,
  },
  "rnn: a language model of LSTMs with dropout": {
    make: (rng) =>
      new RecurrentLm({ rng, vocabSize: 11, embeddingDim: 6, hiddenSize: 8, numLayers: 2, dropout: 0.2 }),
    ...tokens,
  },
  "mamba: a language model": {
    make: (rng) => new MambaLm({ rng, vocabSize: 11, dModel: 8, nLayer: 2 }),
    ...tokens,
  },
  "segmentation: a U-Net": {
    make: (rng) => new UNet(3, 4, { rng, channels: 4, depth: 2 }),
    loss: (model: Maps, x: Tensor, y: Tensor3D) => segmentationLoss(model.forward(x) as never, y as never),
    x: floats(2, 16, 16, 3),
    y: ints(4, 2, 16, 16),
  },
  "generative: a variational autoencoder": {
    make: (rng) => new Vae(12, { rng, hiddenFeatures: 8, latentFeatures: 3 }),
    loss: (model: Vae, x: Tensor) => {
      const { logits, posterior } = model.forward(x as never);
      return negativeElbo(logits, x as never, posterior).loss;
    },
    x: (rng) => tensor(rng.rand([4, 12]).data, [4, 12]),
    y: floats(1),
  },
  "gnn: a graph convolutional network": {
    make: (rng) => new Gcn(5, 8, 2, { rng, outChannels: 3 }),
    loss: (model: Gcn, x: Tensor2D, y: Tensor1D) => crossEntropy(model.forward({ ...graph, x } as never), y),
    x: floats(9, 5),
    y: ints(3, 9),
  },
  "kan: splines on the edges": {
    make: (rng) => new KAN([2, 4, 1], { rng, grid: 5 }),
    loss: (model: KAN, x: Tensor2D, y: Tensor2D) => mseLoss(model.forward(x), y),
    x: floats(6, 2),
    y: floats(6, 1),
  },
  "kan: the efficient form": {
    make: (rng) => new EfficientKAN([2, 4, 1], { rng }),
    loss: (model: EfficientKAN, x: Tensor2D, y: Tensor2D) => mseLoss(model.forward(x), y),
    x: floats(6, 2),
    y: floats(6, 1),
  },
  "spiking: leaky neurons over time": {
    make: (rng) =>
      new SpikingSequential(
        new Linear(5, 8, { rng }),
        new Leaky(8, { beta: 0.9 }),
        new Linear(8, 3, { rng }),
        new Leaky(3, { beta: 0.9 }),
      ),
    loss: (model: Maps, x: Tensor, y: Tensor1D) => ceCountLoss(model.forward(x) as never, y),
    x: floats(2, 4, 5),
    y: ints(3, 2),
  },
  "bayesian: weights that are drawn": {
    make: (rng) =>
      new Sequential(new BayesianLinear(5, 8, { rng }), new ReLU(), new BayesianLinear(8, 3, { rng })),
    loss: (model: Maps & Module, x: Tensor, y: Tensor1D) =>
      elboLoss(crossEntropy(model.forward(x) as Tensor2D, y), klOf(model), { datasetSize: 100 }),
    x: floats(4, 5),
    y: ints(3, 4),
  },
  "metric learning: pairs in a batch": {
    make: (rng) => new Sequential(new Linear(5, 8, { rng }), new ReLU(), new Linear(8, 4, { rng })),
    loss: (model: Maps, x: Tensor, y: Tensor1D) => ntXentLoss(model.forward(x) as Tensor2D, y),
    x: floats(6, 5),
    y: () => tensor([0, 0, 1, 1, 2, 2], [6], "int32"),
  },
};

const STEPS = 20;

describe.each(Object.keys(rows))("%s", (name) => {
  const row = rows[name] as Row;

  const learner = (): Learner<[Tensor, Tensor]> => {
    const rng = new Rng(0);
    const model = row.make(rng);
    const optimizer = new Optimizer(adam({ learningRate: (step) => 0.01 / (1 + step) }), trainable(model));
    const step = (x: Tensor, y: Tensor) =>
      trainStep(model, optimizer, () => row.loss(model as never, x as never, y as never));
    return { model, optimizers: [optimizer], rng, step };
  };
  const batch = (step: number): [Tensor, Tensor] => {
    const rng = new Rng(100 + step);
    return [row.x(rng), row.y(rng)];
  };

  test("learns the same to the bit", async () => {
    const { eager, compiled, report } = await trainTwins(learner, batch, STEPS);
    expect(compiled).toEqual(eager);
    expect(report.replayed, JSON.stringify(report.reasons)).toBe(STEPS - 2);
  });

  test("infers the same to the bit, also after the weights have changed", async () => {
    const { model, step } = learner();
    const infer = (x: Tensor, y: Tensor) => row.loss(model as never, x as never, y as never);
    const compiled = compile(infer, { warn: false });
    await compiled.ready;
    for (let i = 0; i < 6; i++) {
      const [x, y] = batch(i);
      if (name.startsWith("bayesian") || name.startsWith("generative")) break; // they draw also in inference
      expect([...compiled(x, y).dataSync()]).toEqual([...infer(x, y).dataSync()]);
      if (i > 2) await step(x, y);
    }
    compiled.dispose();
  });
});

const models: Readonly<Record<string, (rng: Rng) => LanguageModel<unknown> & Module>> = {
  "a recurrent model": (rng) =>
    new RecurrentLm({ rng, vocabSize: 11, embeddingDim: 6, hiddenSize: 8, numLayers: 2 }) as never,
  Mamba: (rng) => new MambaLm({ rng, vocabSize: 11, dModel: 8, nLayer: 2 }) as never,
  "a GPT, whose cache grows": (rng) =>
    new Gpt({ rng, vocabSize: 11, blockSize: 6, nLayer: 2, nHead: 2, nEmbd: 8 }) as never,
};

test.each(Object.keys(models))("%s generates the same text compiled", async (name) => {
  const model = (models[name] as (rng: Rng) => LanguageModel<unknown> & Module)(new Rng(0));
  const texts: number[][] = [];
  const count = memory().numTensors;
  for (const compiles of [false, true]) {
    const text: number[] = [];
    for await (const token of generate(model, [1, 2, 3], {
      maxNewTokens: 30,
      rng: new Rng(5),
      compile: compiles,
    }))
      text.push(token);
    texts.push(text);
  }
  expect(texts[1]).toEqual(texts[0]);
  expect(memory().numTensors).toBe(count);
});

test("fit and evaluate report the same compiled, with a last batch that is smaller", async () => {
  const run = async (compiles: boolean) => {
    const rng = new Rng(0);
    const model = new Sequential(
      new Linear(5, 16, { rng }),
      new Dropout(0.2, { rng }),
      new ReLU(),
      new Linear(16, 3, { rng }),
    );
    const data = new TensorDataset({ x: rng.randn([50, 5]), y: rng.randint(0, 3, [50]) });
    const events: unknown[] = [];
    const options = { loss: crossEntropy, compile: compiles, metrics: { accuracy: new Accuracy() } };
    const train = batches(data, { size: 8, shuffle: true, rng });
    const validation = batches(data, { size: 16 });
    for await (const event of fit(
      model as never,
      train as never,
      { ...options, optimizer: adamw(), epochs: 3, validation } as never,
    ))
      events.push({ ...(event as object), seconds: 0 });
    events.push(await evaluate(model as never, validation as never, options as never));
    return [events, [...model.namedParameters()].map(([, each]) => [...each.dataSync()]), rng.state()];
  };
  expect(await run(true)).toEqual(await run(false));
});
