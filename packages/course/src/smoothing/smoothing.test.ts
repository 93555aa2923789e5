import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory, eye, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  smoothness,
  DeepNet,
  messagesTo,
  rightSigns,
  spread,
  start,
  sumOf,
  trainedRight,
} from "./program.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("what is added up by hand is what the layer gives, and is not without a member itself", async () => {
  for (const keep of [0, 0.3])
    for (const step of [1, 5]) {
      const [before, now] = [await spread(step - 1, keep), await spread(step, keep)];
      for (const node of [0, 8, 16, 33]) {
        const sent = messagesTo(node, before, keep);
        const kept = keep * (start[node] ?? 0);
        expect(sumOf(sent) + kept).toBeCloseTo(now[node] ?? NaN, 6);
      }
      expect(sumOf(messagesTo(33, before, keep).slice(1))).not.toBeCloseTo(now[33] ?? NaN, 3);
    }
});

test("after 64 steps all have one sign and are smooth, unless a tenth of the start is kept", async () => {
  const tensors = memory().numTensors;
  const [plain, kept] = [await spread(64, 0), await spread(64, 0.1)];
  expect(rightSigns(plain)).toBe(17);
  expect(smoothness(plain)).toBeGreaterThan(0.9);
  expect(rightSigns(kept)).toBe(33);
  expect(smoothness(kept)).toBeLessThan(0.1);
  expect(memory().numTensors).toBe(tensors);
});

test("of trained networks the plain one of 32 layers is no better than a guess", async () => {
  const tensors = memory().numTensors;
  expect(await trainedRight(32, true)).toBeGreaterThanOrEqual(30);
  expect(await trainedRight(32, false)).toBeLessThan(30);
  expect(memory().numTensors).toBe(tensors);
  const net = new DeepNet(2, true, new Rng(0));
  expect(net.forward(eye(34) as Tensor2D).shape).toEqual([34, 2]);
  net.dispose();
});
