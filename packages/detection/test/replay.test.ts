// The twin of fixtures/torch/replay.py: nothing but the seed goes in, torchvision's losses of 20 iterations come out.
import { useBackend } from "@pellucid/backends";
import {
  BackboneWithFPN,
  batches,
  linearLr,
  Optimizer,
  Rng,
  sgd,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { AnchorGenerator, FastRCNNPredictor, FasterRCNN, totalLoss, TwoMLPHead } from "@pellucid/detection";
import { fixture, hashed } from "@pellucid/testing";
import { dispose, memory, tensor3d, type Tensor3D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { Body } from "./detectors/body.ts";

const { losses } = fixture<{ losses: Readonly<Record<string, number>>[] }>(
  import.meta.url,
  "../fixtures/torch/replay.json",
);

/** Bright rectangles of two colors on noise. */
function rectangles(i: number): { picture: Tensor3D; boxes: number[][]; labels: number[] } {
  const size = 64;
  const pixels = Float32Array.from(
    hashed(size * size * 3, i),
    (u) => Math.fround(Math.fround(u) * Math.fround(0.2)) + Math.fround(0.3),
  );
  const at = hashed(8, 100 + i).map((u) => u + 0.5);
  const count = 1 + (i % 2);
  const boxes: number[][] = [];
  for (let k = 0; k < count; k++) {
    const [x = 0, y = 0, w = 0, h = 0] = at.subarray(4 * k, 4 * k + 4);
    const [left, top] = [Math.trunc(x * 36), Math.trunc(y * 36)];
    const [right, bottom] = [left + 12 + Math.trunc(w * 14), top + 12 + Math.trunc(h * 14)];
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++) pixels[(row * size + column) * 3 + ((i + k) % 2)] = 1;
    boxes.push([left, top, right, bottom]);
  }
  const labels = boxes.map((_, k) => 1 + ((i + k) % 2));
  return { picture: tensor3d(pixels, [size, size, 3]), boxes, labels };
}

test("a fine-tuning script of torchvision's Faster R-CNN has its losses from a seed", async () => {
  await useBackend({ only: "wasm" });
  const before = memory().numTensors;
  const rng = new Rng(0);
  const backbone = new BackboneWithFPN(new Body([8, 12, 16, 16], rng), 16, { rng });
  const model = new FasterRCNN(backbone, 3, {
    boxHead: new TwoMLPHead(16 * 49, 32, { rng }),
    boxPredictor: new FastRCNNPredictor(32, 3, { rng }),
    rng,
    minSize: 64,
    maxSize: 64,
    anchorGenerator: new AnchorGenerator([[8], [16], [32], [64]]),
    rpn: {
      preNmsTopN: { training: 100, testing: 1000 },
      postNmsTopN: { training: 50, testing: 1000 },
      batchSizePerImage: 64,
    },
    box: { batchSizePerImage: 32 },
  });
  const indices = { data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), shape: [8] };
  const loader = batches(new TensorDataset({ x: indices, y: indices }), { size: 2, shuffle: true, rng });
  const learningRate = linearLr(0.02, { startFactor: 0.001, totalIters: 3 });
  const optimizer = new Optimizer(
    sgd({ learningRate, momentum: 0.9, weightDecay: 0.0005 }),
    trainable(model),
  );
  const found: number[] = [];
  for (let epoch = 0; epoch < 5; epoch++) {
    for await (const { x, y } of loader) {
      const batch = Array.from(await x.data(), rectangles);
      const pictures = batch.map(({ picture }) => picture);
      found.push(await trainStep(model, optimizer, () => totalLoss(model.losses(pictures, batch))));
      dispose([x, y, ...pictures]);
    }
  }
  const wanted = losses.map((parts) => Object.values(parts).reduce((sum, part) => sum + part, 0));
  expect(found).toBeAllclose(wanted, { rtol: 0, atol: 1e-3 });
  expect(wanted[19]).toBeLessThan(0.8 * (wanted[0] as number));
  optimizer.dispose();
  model.dispose();
  expect(memory().numTensors).toBe(before);
});
