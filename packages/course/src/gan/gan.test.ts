import { useBackend } from "@pellucid/backends";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { heaps, made, makeGan, pulls, reached, surface, train } from "./program.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test(
  "two networks that both learn find every heap; with a discriminator that is frozen early, the generator collapses",
  { timeout: 300_000 },
  async () => {
    const before = memory().numTensors;
    const gan = await makeGan(0);
    await train(gan, 2000);
    const { covered, share } = await reached(gan);
    expect(covered).toBe(8);
    expect(share).toBeGreaterThan(0.6);
    gan.dispose();
    const control = await makeGan(0);
    await train(control, 600);
    await train(control, 600, { isFrozen: true });
    expect((await reached(control)).covered).toBeLessThan(6);
    control.dispose();
    expect(memory().numTensors).toBe(before);
  },
);

test("arrows point to what the discriminator judges more real, and a frozen one stays as it is", async () => {
  const gan = await makeGan(1);
  await train(gan, 200);
  const logits = await surface(gan, 4);
  const along = [-2.25, -0.75, 0.75, 2.25];
  const spot = [along[2] ?? 0, along[3] ?? 0] as const; // row 0, column 2
  const [[dx, dy] = [0, 0]] = await pulls(gan, [spot]);
  const size = 1e-2 / Math.hypot(dx, dy);
  const ahead = [spot[0] + size * dx, spot[1] + size * dy] as const;
  const logitAt = async ([x, y]: readonly [number, number]) => {
    const input = tensor2d([[x, y]]);
    const [value = NaN] = await gan.discriminator.forward(input).data();
    return value;
  };
  expect(await logitAt(spot)).toBeCloseTo(logits[2] ?? NaN, 4);
  expect(await logitAt(ahead)).toBeGreaterThan(await logitAt(spot));
  await train(gan, 20, { isFrozen: true });
  expect(await surface(gan, 4)).toEqual(logits);
  expect((await made(gan, 5)).flat().every(Number.isFinite)).toBe(true);
  expect(heaps).toHaveLength(8);
  gan.dispose();
});
