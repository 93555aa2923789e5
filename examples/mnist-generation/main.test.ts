import { useBackend } from "@pellucid/backends";
import { digits, LabeledImages } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { autoencoderCost, diffusionDistance, vaeCost } from "./generate.ts";

beforeAll(() => useBackend({ only: "wasm" }));

/** The UCI digits as if they were small MNIST, 8×8 of 0 to 255. */
async function small() {
  const { train, test: unseen } = await digits();
  const part = ({ images, labels, info }: LabeledImages<Uint8Array>, count: number) =>
    new LabeledImages(
      {
        data: images.data.slice(0, 64 * count).map((ink) => Math.min(255, 16 * ink)),
        shape: [count, 8, 8, 1],
      },
      { data: labels.data.slice(0, count), shape: [count] },
      info,
    );
  return { train: part(train, 512), test: part(unseen, 200) };
}

test("an unseen image costs fewer nats after training than before", { timeout: 120_000 }, async () => {
  const data = await small();
  const before = await vaeCost(data, { epochs: 0 });
  const after = await vaeCost(data, { epochs: 5 });
  expect(after.reconstruction + after.divergence).toBeLessThan(before.reconstruction - 5);
  expect(before.reconstruction).toBeCloseTo(64 * Math.log(2), -1);
});

test(
  "an autoencoder that was trained reconstructs unseen images better than after one epoch",
  { timeout: 120_000 },
  async () => {
    const data = await small();
    const [before, after] = [
      await autoencoderCost(data, { epochs: 1 }),
      await autoencoderCost(data, { epochs: 15 }),
    ];
    expect(after.curved).toBeLessThan(before.curved);
    expect(after.linear).toBe(before.linear);
  },
);

test("samples are nearer to real images than noise is", { timeout: 120_000 }, async () => {
  const { drawn, real, noise, samples } = await diffusionDistance(await small(), {
    steps: 150,
    count: 100,
    epochs: 3,
  });
  expect(samples.length).toBe(100 * 64);
  expect(real).toBeLessThan(drawn);
  expect(drawn).toBeLessThan(0.7 * noise);
});
