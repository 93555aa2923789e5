import { type BackendName, useBackend } from "@pellucid/backends";
import { fixture } from "@pellucid/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examples } from "./examples/examples.ts";
import { tolerances, train, type Wanted } from "./examples/train.ts";

const { examples: torch } = fixture<{ examples: Record<string, Wanted> }>(
  import.meta.url,
  "../fixtures/torch/examples.json",
);

const backends: readonly BackendName[] = ["cpu", "wasm", "webgpu", "native", "cuda"];
const missing = new Map<BackendName, string>();
const slow = new Set<BackendName>(["cpu"]);
for (const only of backends) {
  const report = await useBackend({ only }).catch(({ message }: Error) => void missing.set(only, message));
  if (report?.facts["software"] === "yes") slow.add(only);
}
const isAll = process.env["PELLUCID_LONG"] !== undefined;

describe.each(backends)("on %s, 50 steps", (backend) => {
  describe.skipIf(missing.has(backend))("have PyTorch's losses in 64 bits, and end at its weights:", () => {
    beforeAll(() => useBackend({ only: backend }));
    afterAll(() => useBackend({ only: "cpu" }));

    const here = Object.entries(examples).filter(([, { isLong }]) => isAll || !isLong || !slow.has(backend));
    test.for(here)("%s", { timeout: 300_000 }, async ([name, example]) => {
      const wanted = torch[name] as Wanted;
      const found = await train(example);
      const { losses, weights } = tolerances(wanted);
      expect(found.losses).toBeAllclose([...wanted.losses], losses);
      expect(found.weights.flat()).toBeAllclose(wanted.weights.flat(), weights);
    });
  });
});

test("the PyTorch counterpart has every example", () => {
  expect(Object.keys(torch)).toEqual(Object.keys(examples));
});
