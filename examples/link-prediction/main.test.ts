import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a graph autoencoder tells unseen edges from other pairs, and leaks nothing", async () => {
  const tensors = memory().numTensors;
  const { before, after } = await main({ steps: 60 });
  expect(after).toBeGreaterThan(0.65);
  expect(after).toBeGreaterThan(before + 0.02);
  expect(memory().numTensors).toBe(tensors);
});
