import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { beforeAll, describe, expect, test } from "vitest";
import fixture from "../fixtures/torch/examples.json?raw";
import { examples } from "./examples/examples.ts";
import { tolerances, train, type Wanted } from "./examples/train.ts";

const { examples: torch } = JSON.parse(fixture) as { examples: Record<string, Wanted> };

describe.each(["webgpu", "wasm"] as const)("on %s in Chromium, 50 steps", (only) => {
  beforeAll(() => useBackend({ only }));

  test(
    "of the CNN have PyTorch's losses in 64 bits, and end at its weights",
    { timeout: 120_000 },
    async () => {
      const wanted = torch["digits CNN"] as Wanted;
      const found = await train(examples["digits CNN"] as (typeof examples)[string]);
      const { losses, weights } = tolerances(wanted);
      expect(found.losses).toBeAllclose([...wanted.losses], losses);
      expect(found.weights.flat()).toBeAllclose(wanted.weights.flat(), weights);
    },
  );
});
