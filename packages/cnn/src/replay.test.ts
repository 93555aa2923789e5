// The twin of fixtures/torch/replay.py: nothing but the seed goes in, PyTorch's losses come out.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  batches,
  Conv2d,
  crossEntropy,
  Dropout,
  Dropout2d,
  fit,
  Flatten,
  type Layer,
  Linear,
  type Module,
  Rng,
  Sequential,
  sgd,
  SiLU,
  TensorDataset,
  type Transform,
} from "@pellucid/core-train";
import { MnistCnn, MnistMlp, MnistResNet } from "@pellucid/cnn";
import { digits } from "@pellucid/datasets";
import { fixture } from "@pellucid/testing";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const { losses } = fixture<{ losses: Record<string, number[]> }>(
  import.meta.url,
  "../fixtures/torch/replay.json",
);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** The digits, each pixel three wide and high, in a frame of two: 28×28; normalized as MNIST. */
async function enlarged() {
  const { all } = await digits();
  const x = new Float32Array(all.length * 784).fill(Math.fround(-0.1307) / Math.fround(0.3081));
  for (let i = 0; i < all.length; i++)
    for (let row = 2; row < 26; row++)
      for (let column = 2; column < 26; column++) {
        const pixel = all.images.data[
          64 * i + 8 * Math.floor((row - 2) / 3) + Math.floor((column - 2) / 3)
        ] as number;
        x[784 * i + 28 * row + column] = Math.fround(pixel / 16 - Math.fround(0.1307)) / Math.fround(0.3081);
      }
  return new TensorDataset({ x: { data: x, shape: [all.length, 28, 28, 1] }, y: all.labels });
}

async function replay(
  make: (options: { rng: Rng }) => Module & Layer<Tensor4D, Tensor>,
  optimizer: Transform<unknown>,
  iterations: number,
): Promise<number[]> {
  const rng = new Rng(0);
  const model = make({ rng });
  const data = batches(await enlarged(), { size: 64, shuffle: true, rng });
  const seen: number[] = [];
  for await (const event of fit(model, data, { loss: crossEntropy, optimizer, epochs: 4 })) {
    if (event.kind === "step") seen.push(event.loss);
    if (seen.length === iterations) break;
  }
  model.dispose();
  return seen;
}

const regularized = ({ rng }: { rng: Rng }) =>
  new Sequential(
    new Conv2d(1, 8, 3, { rng, padding: 1, bias: false }),
    new BatchNorm2d(8),
    new SiLU(),
    new AvgPool2d(2),
    new Dropout2d(0.1, { rng }),
    new Conv2d(8, 16, 3, { rng, padding: 1 }),
    new BatchNorm2d(16),
    new SiLU(),
    new AvgPool2d(2),
    new Dropout(0.25, { rng }),
    new Flatten(),
    new Linear(784, 32, { rng }),
    new BatchNorm1d(32),
    new SiLU(),
    new Dropout(0.5, { rng }),
    new Linear(32, 10, { rng }),
  );

const notes = (learningRate = 0.01) => sgd({ learningRate, momentum: 0.5 });

test.for([
  ["mlp", (options: { rng: Rng }) => new MnistMlp(options), notes()],
  ["cnn", (options: { rng: Rng }) => new MnistCnn(options), notes()],
  ["residual", (options: { rng: Rng }) => new MnistResNet(options), notes(0.001)],
  // at this rate rounding decides the losses after 26 iterations, PyTorch's own too: see the twin
  ["residual at the notes' rate", (options: { rng: Rng }) => new MnistResNet(options), notes()],
  ["dropout and batch norm", regularized, adam({ learningRate: 1e-3 })],
] as const)(
  "%s: the losses are PyTorch's, iteration by iteration",
  { timeout: 600_000 },
  async ([name, make, optimizer]) => {
    const expected = losses[name] as number[];
    const seen = await replay(make, optimizer, expected.length);
    expect(seen).toBeAllclose(expected, { rtol: 0, atol: 1e-4 });
  },
);
