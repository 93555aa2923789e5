// An index and a config of which some bytes were changed: each is loaded or refused by an error of the project, and the model is as it was.
import {
  encodeSafetensors,
  fromPretrained,
  init,
  Linear,
  loadPretrained,
  type PretrainedFolder,
  PretrainedConfig,
  Rng,
} from "@pellucid/core-train";
import { mutations } from "@pellucid/testing";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const tensors = {
  weight: { data: Float32Array.of(1, 2), shape: [1, 2] },
  bias: { data: Float32Array.of(3), shape: [1] },
};
const shard = encodeSafetensors(tensors);
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const index = text({
  metadata: { total_size: 12 },
  weight_map: { weight: "a.safetensors", bias: "a.safetensors" },
});
const config = text({ architectures: ["Line"], model_type: "line", width: 2, bias: true });
const known = /^(PretrainedError|WeightsError|SafetensorsError)$/;

const folderOf = (files: Readonly<Record<string, Uint8Array>>): PretrainedFolder => ({
  name: "here",
  read: async (file) => (Object.hasOwn(files, file) ? files[file] : undefined),
});

test("a changed index", async () => {
  const model = new Linear(2, 1, { rng: new Rng(0), init: init.constant(7) });
  const before = [...model.weight.dataSync()];
  let refused = 0;
  for (const bytes of mutations([index], 400)) {
    const { numTensors } = memory();
    try {
      await loadPretrained(
        model,
        folderOf({ "model.safetensors.index.json": bytes, "a.safetensors": shard }),
      );
      model.weight.assign(new Linear(2, 1, { rng: new Rng(0), init: init.constant(7) }).weight);
    } catch (error) {
      refused++;
      expect((error as Error).name, String(error)).toMatch(known);
      expect([...model.weight.dataSync()]).toEqual(before);
      expect(memory().numTensors).toBe(numTensors);
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test("a changed config", async () => {
  const make = (json: object) => {
    const fields = new PretrainedConfig("Line.fromConfig", json);
    return new Linear(fields.size("width"), 1, { rng: new Rng(0), bias: fields.flag("bias") });
  };
  let refused = 0;
  for (const bytes of mutations([config], 400)) {
    const { numTensors } = memory();
    try {
      (
        await fromPretrained(folderOf({ "config.json": bytes, "model.safetensors": shard }), {
          Line: make,
          line: make,
        })
      ).dispose();
    } catch (error) {
      refused++;
      expect((error as Error).name, String(error)).toMatch(known);
    }
    expect(memory().numTensors).toBe(numTensors);
  }
  expect(refused).toBeGreaterThan(100);
});
