import { batches, Linear, NoBackendError, Rng, TensorDataset } from "@pellucid/core-train";
import { engine } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test } from "vitest";

const { registryFactory } = engine();
beforeEach(() => void (engine().registryFactory = {}));
afterEach(() => void (engine().registryFactory = registryFactory));

const remedy =
  "there is no backend to compute with. Call await useBackend() of @pellucid/backends before anything else.";

test("a layer without a backend says what to call", () => {
  expect(() => new Linear(4, 2, { rng: new Rng(0) })).toThrow(new NoBackendError(`parameter: ${remedy}`));
});

test("a batch without a backend says what to call", async () => {
  const data = new TensorDataset({ x: { data: Float32Array.of(1, 2), shape: [2] } });
  const first = batches(data, { size: 1 })[Symbol.asyncIterator]().next();
  await expect(first).rejects.toThrow(new NoBackendError(`batches: ${remedy}`));
});
