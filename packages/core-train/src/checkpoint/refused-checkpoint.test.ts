import {
  CheckpointError,
  encodeSafetensors,
  loadCheckpoint,
  Module,
  Optimizer,
  OptionError,
  Rng,
  saveCheckpoint,
  sgd,
  trainable,
  WeightsError,
} from "@pellucid/core-train";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { Scale, setUp, step } from "../../test/scale-training.ts";

test.each([
  [{ "a.b": 1 }, 'saveCheckpoint: "a.b" names a part, expected no dot in it.'],
  [
    { a: { b: new Map() } },
    "saveCheckpoint: a.b is a Map, expected tensors, numbers, texts, and arrays and records of them.",
  ],
  [{ a: [() => 0] }, "saveCheckpoint: a.0 is a function, expected tensors"],
  [{ a: [Symbol("x")] }, "saveCheckpoint: a.0 is a symbol, expected tensors"],
  [{ a: tensor(["word"]) }, "saveCheckpoint: a is a tensor of string, expected tensors"],
])("what cannot be kept is an error", async (parts, message) => {
  await expect(saveCheckpoint(parts)).rejects.toThrow(CheckpointError);
  await expect(saveCheckpoint(parts)).rejects.toThrow(message);
});

test.each([
  [5, "5"],
  ["model", "model"],
  [null, "null"],
  [undefined, "undefined"],
  [[1], "a Array"],
  [new Rng(0), "a Rng"],
  [new Scale(), "a Scale"],
])("what is not a record of parts is refused: %s", async (parts, found) => {
  const message = (call: string) =>
    `${call} is ${found}, expected a record of parts by name: { model, optimizer, rng }.`;
  await expect(saveCheckpoint(parts as never)).rejects.toThrow(
    new OptionError("saveCheckpoint", "parts", found, "a record of parts by name: { model, optimizer, rng }"),
  );
  if (parts === undefined) return;
  const bytes = await saveCheckpoint({ epoch: 1 });
  expect(() => loadCheckpoint(bytes, parts as never)).toThrow(message("loadCheckpoint: into"));
});

test("a value that holds itself is an error", async () => {
  const ring: unknown[] = [];
  ring.push(ring);
  await expect(saveCheckpoint({ ring })).rejects.toThrow("is too deep, or holds itself");
});

const indexed = (index: string) => encodeSafetensors({}, { "pellucid.checkpoint": index });

test.each([
  [
    encodeSafetensors({}),
    "loadCheckpoint: this is not a checkpoint; if it is a file of weights, see loadWeights.",
  ],
  [indexed("{"), "loadCheckpoint: the list of parts is not JSON."],
  [indexed("null"), "loadCheckpoint: the checkpoint has version undefined, expected 1."],
  [indexed('{"version":2}'), "loadCheckpoint: the checkpoint has version 2, expected 1."],
  [indexed('{"version":1,"parts":{"a":1}}'), "loadCheckpoint: the list of parts is not complete."],
  [
    indexed('{"version":1,"parts":{"a":{"kind":"value","json":{"$":"Map"}}}}'),
    "loadCheckpoint: a is not what a checkpoint holds.",
  ],
  [
    indexed('{"version":1,"parts":{"a":{"kind":"value","json":{"$":"tensor","name":"toString"}}}}'),
    "a is not what",
  ],
  [
    indexed(`{"version":1,"parts":{"a":{"kind":"value","json":${"[".repeat(200)}${"]".repeat(200)}}}}`),
    "is too deep",
  ],
])("files that are not checkpoints are rejected", (bytes, message) => {
  expect(() => loadCheckpoint(bytes)).toThrow(CheckpointError);
  expect(() => loadCheckpoint(bytes)).toThrow(message);
});

test("parts that were not saved, or saved as something else, are one error", async () => {
  const { model, optimizer, rng } = setUp();
  const bytes = await saveCheckpoint({ model, optimizer, toString: 1 });
  expect(() =>
    loadCheckpoint(bytes, { model: optimizer, optimizer: model, rng, constructor: rng, toString: 2 }),
  ).toThrow(
    new CheckpointError(
      "loadCheckpoint: model was saved as model, not as optimizer; optimizer was saved as optimizer, not as model; " +
        "rng was not saved; constructor was not saved; toString can take nothing: a plain value comes back from the call. " +
        "The checkpoint has model, optimizer, toString.",
    ),
  );
});

test("another optimizer's state is refused, and nothing has changed", async () => {
  const run = setUp();
  await step(run);
  const bytes = await saveCheckpoint({ ...run, optimizer: new Optimizer(sgd(), trainable(run.model)) });
  const other = setUp();
  const before = await saveCheckpoint(other);
  expect(() => loadCheckpoint(bytes, other)).toThrow(
    "loadCheckpoint: optimizer is another optimizer's, or other parameters'",
  );
  expect(await saveCheckpoint(other)).toEqual(before);
});

test("a part that fails takes the others back, and leaks nothing", async () => {
  const saved = setUp();
  await step(saved);
  const broken = {
    state: () => null,
    restore: () => {
      throw new Error("broken");
    },
  };
  const bytes = await saveCheckpoint({ ...saved, broken, spare: tensor([1]) });
  const run = setUp();
  const before = await saveCheckpoint(run);
  const { numTensors } = memory();
  // What is undone is undone with restore, which this one cannot either.
  let calls = 0;
  const late = { state: () => null, restore: () => void (calls++ === 0 && broken.restore()) };
  expect(() => loadCheckpoint(bytes, { ...run, broken: late })).toThrow(
    new CheckpointError("loadCheckpoint: broken cannot resume from its state: Error: broken", {
      cause: new Error("broken"),
    }),
  );
  expect(calls).toBe(2);
  expect(memory().numTensors).toBe(numTensors);
  expect(await saveCheckpoint(run)).toEqual(before);
});

test("other weights are refused, and nothing has changed", async () => {
  class Other extends Module {
    readonly scale = new Scale();
  }
  const saved = setUp();
  await step(saved);
  const { optimizer, rng } = setUp();
  const before = await saveCheckpoint({ optimizer, rng });
  expect(() => loadCheckpoint(new Uint8Array(0), {})).toThrow("the file has 0 bytes");
  const bytes = await saveCheckpoint(saved);
  expect(() => loadCheckpoint(bytes, { model: new Other(), optimizer, rng })).toThrow(WeightsError);
  expect(await saveCheckpoint({ optimizer, rng })).toEqual(before);
});
