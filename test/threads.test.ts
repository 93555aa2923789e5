// Training gives the same bits for any number of threads, op by op and compiled, also when the number changes in between.
import { createHash } from "node:crypto";
import { setNumThreads, useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import {
  adamw,
  compile,
  crossEntropy,
  Linear,
  type Module,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import { RecurrentLm } from "@pellucid/rnn";
import { Gpt } from "@pellucid/transformer";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  backend,
  dispose,
  reshape,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Learner, trainTwins } from "../packages/core-train/test/compile/twins.ts";
import { ThreadPool } from "../packages/kernels/src/threads/thread-pool.ts";
import { instanceIn } from "../packages/kernels/src/wasm/module.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
  shareAll(true);
});

afterAll(async () => {
  shareAll(false);
  await setNumThreads(1);
});

/** Whether threads also share work that is too small to pay. */
function shareAll(isOn: boolean): void {
  const { threads } = instanceIn(backend() as BackendWasm);
  if (threads !== null) threads.sharesAll = isOn;
}

/** A small model, and the shapes of its inputs and labels. */
interface Row {
  readonly make: (rng: Rng) => Module;
  readonly x: (rng: Rng) => Tensor;
  readonly classes: number;
  readonly labels: number;
}

const pictures =
  (...shape: number[]) =>
  (rng: Rng) =>
    tensor(rng.randn(shape).data, shape);
const tokens = (rng: Rng) => tensor(rng.randint(0, 11, [16, 9]).data, [16, 9], "int32");
const text = { x: tokens, classes: 11, labels: 144 };
const sizes = { vocabSize: 11, blockSize: 9, nLayer: 2, nHead: 2, nEmbd: 24, dropout: 0.1 };

const rows: Readonly<Record<string, Row>> = {
  "an MLP": {
    make: (rng) => new Sequential(new Linear(40, 48, { rng }), new ReLU(), new Linear(48, 10, { rng })),
    x: pictures(36, 40),
    classes: 10,
    labels: 36,
  },
  "a CNN": { make: (rng) => new DigitsCnn({ rng }), x: pictures(12, 8, 8, 1), classes: 10, labels: 12 },
  "a GPT": { make: (rng) => new Gpt({ rng, ...sizes }), ...text },
  "an LSTM": {
    make: (rng) => new RecurrentLm({ rng, vocabSize: 11, embeddingDim: 20, hiddenSize: 24, numLayers: 2 }),
    ...text,
  },
  "a Mamba": { make: (rng) => new MambaLm({ rng, vocabSize: 11, dModel: 16, nLayer: 2 }), ...text },
};

const STEPS = 5;

/** Short, as a test that fails shows them. */
const digests = (texts: readonly string[]) =>
  texts.map((text) => createHash("sha256").update(text).digest("hex").slice(0, 16));

test.each(Object.entries(rows))("%s learns the same with one, two and three threads", async (_, row) => {
  const learner = (): Learner<[Tensor, Tensor]> => {
    const rng = new Rng(0);
    const model = row.make(rng);
    const optimizer = new Optimizer(adamw({ learningRate: 0.01 }), trainable(model));
    const step = (x: Tensor, y: Tensor) =>
      trainStep(model, optimizer, () => {
        const logits = (model as Module & { forward(x: Tensor): Tensor }).forward(x);
        return crossEntropy(reshape(logits, [-1, logits.shape.at(-1) as number]) as Tensor2D, y as Tensor1D);
      });
    return { model, optimizers: [optimizer], rng, step };
  };
  const batch = (step: number): [Tensor, Tensor] => {
    const rng = new Rng(100 + step);
    const labels = [row.labels];
    return [row.x(rng), tensor(rng.randint(0, row.classes, labels).data, labels, "int32")];
  };
  const run = vi.spyOn(ThreadPool.prototype, "run");
  const all: (readonly string[])[] = [];
  for (const count of [1, 2, 3]) {
    await setNumThreads(count);
    const { eager, compiled, report } = await trainTwins(learner, batch, STEPS);
    expect(report.replayed, JSON.stringify(report.reasons)).toBe(STEPS - 2);
    all.push(digests(eager), digests(compiled));
    expect(run.mock.calls.length > 0).toBe(count > 1);
  }
  run.mockRestore();
  for (const each of all) expect(each).toEqual(all[0]);
});

test("a compiled step that was recorded with one thread is repeated by three, and by one again", async () => {
  const train = async (counts: readonly number[]) => {
    const rng = new Rng(0);
    const model = new Sequential(new Linear(40, 48, { rng }), new ReLU(), new Linear(48, 10, { rng }));
    const optimizer = new Optimizer(adamw({ learningRate: 0.01 }), trainable(model));
    const step = compile((x: Tensor2D, y: Tensor1D) =>
      trainStep(model, optimizer, () => crossEntropy(model.forward(x), y)),
    );
    await step.ready;
    const [x, y] = [pictures(36, 40)(rng) as Tensor2D, tensor1d(rng.randint(0, 10, [36]).data, "int32")];
    const losses: number[] = [];
    for (const count of counts) {
      await setNumThreads(count);
      losses.push(await step(x, y));
    }
    dispose([x, y]);
    step.dispose();
    optimizer.dispose();
    model.dispose();
    return losses;
  };
  const alone = await train([1, 1, 1, 1, 1, 1]);
  expect(new Set(alone).size).toBe(6);
  expect(await train([1, 1, 3, 3, 1, 2])).toEqual(alone);
});
