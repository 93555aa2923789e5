import { readFileSync } from "node:fs";
import {
  CheckpointError,
  loadCheckpoint,
  parseSafetensors,
  Rng,
  SafetensorsError,
  saveCheckpoint,
  toHostTensor,
} from "@pellucid/core-train";
import { mutations } from "@pellucid/testing";
import { expect, test } from "vitest";

/** `PELLUCID_MUTATIONS=100000 pnpm exec vitest run --project node packages/core-train/test/mutated` takes a while longer. */
const count = Number(process.env["PELLUCID_MUTATIONS"] ?? 10_000);

const files = ["safetensors-dtypes.safetensors", "weights.safetensors"].map(
  (name) => new Uint8Array(readFileSync(new URL(`../fixtures/torch/${name}`, import.meta.url))),
);

test(`${count} mutated files are read or refused with a SafetensorsError`, () => {
  const outcome = { read: 0, refused: 0 };
  for (const bytes of mutations(files, count)) {
    try {
      const { tensors } = parseSafetensors(bytes);
      outcome.read++;
      let size = 0;
      for (const [name, stored] of Object.entries(tensors))
        size += toHostTensor(stored, name).data.byteLength;
      if (size > 4 * bytes.length) throw new Error(`${size} bytes from a file of ${bytes.length}`);
    } catch (error) {
      if (!(error instanceof SafetensorsError)) throw error;
      outcome.refused++;
    }
  }
  expect(outcome.read).toBeGreaterThan(count / 100);
  expect(outcome.refused).toBeGreaterThan(count / 2);
});

test("2000 mutated checkpoints are loaded or refused with one of our errors", async () => {
  const values = { list: [1, -0, 2n ** 70n, "x", null], floats: Float64Array.of(1, 2), $: { $: 1 } };
  const rng = new Rng(1);
  const file = await saveCheckpoint({ rng, values });
  const outcome = { read: 0, refused: 0 };
  for (const bytes of mutations([file, await saveCheckpoint({ values })], 10_000)) {
    try {
      loadCheckpoint(bytes, bytes.length > 2000 ? { rng } : {});
      outcome.read++;
    } catch (error) {
      const known = [SafetensorsError, CheckpointError].some((kind) => error instanceof kind);
      if (!known) throw error;
      outcome.refused++;
    }
  }
  expect(outcome.read).toBeGreaterThan(100);
  expect(outcome.refused).toBeGreaterThan(400);
});
