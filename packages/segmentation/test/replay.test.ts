// The twin of fixtures/torch/replay.py: nothing but the seed goes in, PyTorch's losses come out.
import { useBackend } from "@pellucid/backends";
import {
  batches,
  chain,
  clipGradNorm,
  crossEntropy,
  fit,
  rmsprop,
  Rng,
  TensorDataset,
} from "@pellucid/core-train";
import { softDiceLoss, UNet } from "@pellucid/segmentation";
import { fixture, hashed } from "@pellucid/testing";
import { add, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const { losses } = fixture<{ losses: number[] }>(import.meta.url, "../fixtures/torch/replay.json");

beforeAll(() => useBackend({ only: "wasm" }));

/** 64 discs on noise, of two classes. */
function pictures() {
  const [count, size] = [64, 16];
  const noise = Float32Array.from(hashed(count * size * size, 3));
  const x = noise.slice();
  const y = new Int32Array(noise.length);
  for (let i = 0; i < count; i++)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        const at = (i * size + row) * size + column;
        const [dx, dy, radius] = [column - 4 - ((i * 7) % 9), row - 4 - ((i * 5) % 8), 2 + (i % 3)];
        if (dx * dx + dy * dy > radius * radius) continue;
        y[at] = 1 + (i % 2);
        x[at] = (noise[at] as number) + 0.5 * (1 + (i % 2));
      }
  return new TensorDataset({
    x: { data: x, shape: [count, size, size, 1] },
    y: { data: y, shape: [count, size, size] },
  });
}

test("100 iterations of a U-Net with cross-entropy and Dice have PyTorch's losses", async () => {
  const rng = new Rng(0);
  const model = new UNet(1, 3, { rng, channels: 4, depth: 2 });
  const data = batches(pictures(), { size: 8, shuffle: true, rng });
  const loss = (output: Tensor, target: Tensor) =>
    add(crossEntropy(output, target), softDiceLoss(output, target, { over: "batch" }));
  const descent = rmsprop({ learningRate: 1e-4, weightDecay: 1e-8, momentum: 0.9 });
  const seen: number[] = [];
  for await (const event of fit(model, data, {
    loss,
    optimizer: chain(clipGradNorm(1), descent),
    epochs: 13,
  })) {
    if (event.kind === "step") seen.push(event.loss);
    if (seen.length === losses.length) break;
  }
  expect(seen).toBeAllclose(losses, { rtol: 0, atol: 1e-4 });
  model.dispose();
});
