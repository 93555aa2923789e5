import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { beforeAll, describe, expect, test } from "vitest";
import fixture from "../fixtures/torch/examples.json?raw";
import { examples, train, type Trained } from "./examples/train.ts";

const { examples: torch } = JSON.parse(fixture) as { examples: Record<string, Trained> };

describe.each(["webgpu", "wasm"] as const)("on %s in Chromium, 50 steps", (only) => {
  beforeAll(() => useBackend({ only }));

  test(
    "of the CNN have PyTorch's losses in 64 bits, and end at its weights",
    { timeout: 120_000 },
    async () => {
      const { losses, weights } = torch["digits CNN"] as Trained;
      const found = await train(examples["digits CNN"] as (typeof examples)[string]);
      expect(found.losses).toBeAllclose([...losses], { rtol: 0, atol: 1e-3 });
      expect(found.weights.flat()).toBeAllclose(weights.flat(), { rtol: 1e-3, atol: 1e-3 });
    },
  );
});
