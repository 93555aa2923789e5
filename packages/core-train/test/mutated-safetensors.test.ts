import { readFileSync } from "node:fs";
import { parseSafetensors, SafetensorsError, toHostTensor } from "@pellucid/core-train";
import { mutations } from "@pellucid/testing";
import { expect, test } from "vitest";

const files = ["safetensors-dtypes.safetensors", "weights.safetensors"].map(
  (name) => new Uint8Array(readFileSync(new URL(`../fixtures/torch/${name}`, import.meta.url))),
);

test("100,000 mutated files are read or refused with a SafetensorsError", () => {
  const outcome = { read: 0, refused: 0 };
  for (const bytes of mutations(files, 100_000)) {
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
  expect(outcome.read).toBeGreaterThan(1000);
  expect(outcome.refused).toBeGreaterThan(50_000);
}, 60_000);
