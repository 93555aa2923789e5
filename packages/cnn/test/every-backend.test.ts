import { type BackendName, useBackend } from "@pellucid/backends";
import { fixture } from "@pellucid/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examples, train, type Trained } from "./examples/train.ts";

const { examples: torch } = fixture<{ examples: Record<string, Trained> }>(
  import.meta.url,
  "../fixtures/torch/examples.json",
);

const backends: readonly BackendName[] = ["cpu", "wasm", "webgpu", "native", "cuda"];
const missing = new Map<BackendName, string>();
for (const only of backends)
  await useBackend({ only }).catch(({ message }: Error) => missing.set(only, message));

describe.each(backends)("on %s, 50 steps", (backend) => {
  describe.skipIf(missing.has(backend))("have PyTorch's losses in 64 bits, and end at its weights:", () => {
    beforeAll(() => useBackend({ only: backend }));
    afterAll(() => useBackend({ only: "cpu" }));

    test.for(Object.entries(examples))("%s", { timeout: 120_000 }, async ([name, example]) => {
      const { losses, weights } = torch[name] as Trained;
      const found = await train(example);
      expect(found.losses).toBeAllclose([...losses], { rtol: 0, atol: 1e-3 });
      expect(found.weights.flat()).toBeAllclose(weights.flat(), { rtol: 1e-3, atol: 1e-3 });
    });
  });
});
