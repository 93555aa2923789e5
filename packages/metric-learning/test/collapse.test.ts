// Why the margin: hard triplets without one draw all embeddings to one point, where each person is recognized as any other; with one they separate.
import { useBackend } from "@pellucid/backends";
import { adam, Linear, Optimizer, ReLU, Rng, Sequential, trainable, trainStep } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import {
  allPairScores,
  batchHard,
  batchTripletLoss,
  embed,
  euclidean,
  mPerClassSampler,
  verification,
} from "@pellucid/metric-learning";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

/** Trains with a margin on squared distances of embeddings that are not normalized, and compares pairs of the test set. */
async function trained(margin: number) {
  const { train, test: unseen } = await digits();
  const rng = new Rng(0);
  const encoder = new Sequential(new Linear(64, 32, { rng }), new ReLU(), new Linear(32, 16, { rng }));
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(encoder));
  const distance = euclidean({ normalize: false, power: 2 });
  const pixels = (rows: ArrayLike<number>) =>
    Float32Array.from(
      Array.from(rows).flatMap((row) =>
        Array.from(train.images.data.subarray(64 * row, 64 * row + 64), (p) => p / 16),
      ),
    );
  const sampler = mPerClassSampler(train.labels.data, 4, { size: 32, batches: 120 });
  for (const rows of sampler.draw(rng)) {
    const x = tensor2d(pixels(rows), [32, 64]);
    const y = tensor1d(
      Int32Array.from(rows, (row) => train.labels.data[row] as number),
      "int32",
    );
    const options = { margin, distance, miner: batchHard() };
    await trainStep(encoder, optimizer, () => batchTripletLoss(encoder.forward(x), y, options));
    x.dispose();
    y.dispose();
  }
  const count = 200;
  const data = Float32Array.from(unseen.images.data.subarray(0, 64 * count), (p) => p / 16);
  const embeddings = await embed(encoder, { data, shape: [count, 64] });
  encoder.dispose();
  const { scores, same } = allPairScores({ embeddings, labels: unseen.labels.data.subarray(0, count) });
  const threshold = Math.sqrt(0.5); // of distances: half of the margin of 1 between squared ones
  const accepted = [...scores].filter((score, i) => same[i] === 0 && -score < threshold).length;
  const different = [...same].filter((is) => is === 0).length;
  return {
    falselyAccepted: accepted / different,
    farthest: -Math.min(...scores),
    auc: verification(scores, same).auc,
  };
}

test("without a margin everyone is the same person, with one others are refused", async () => {
  const collapsed = await trained(0);
  const separated = await trained(1);
  expect(collapsed.farthest).toBeLessThan(0.7);
  expect(collapsed.falselyAccepted).toBe(1);
  expect(separated.falselyAccepted).toBeLessThan(0.35);
  expect(separated.auc).toBeGreaterThan(0.9);
});
