import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("GraphSAGE learns a graph of 3,000 nodes from sampled neighbors, and leaks nothing", async () => {
  const tensors = memory().numTensors;
  const { edges, accuracy } = await main({ blockSize: 300, steps: 60 });
  expect(edges).toBeGreaterThan(55_000);
  expect(accuracy).toBeGreaterThan(0.4);
  expect(memory().numTensors).toBe(tensors);
});
