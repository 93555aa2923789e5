import { mkdirSync, writeFileSync } from "node:fs";
import { type BackendName, useBackend } from "@pellucid/backends";
import { env } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "./matrix/cases.ts";
import { type Errors, errorsOver, failures } from "./matrix/check.ts";

// `npm run gradients` asks for more numbers of each case, and for what was measured.
const seeds = Number(process.env["VITE_PELLUCID_SEEDS"] ?? 1);
const report = process.env["VITE_PELLUCID_REPORT"];

const always: readonly BackendName[] = ["cpu", "wasm"];
const perhaps: readonly BackendName[] = ["webgpu", "native", "cuda"];
const reasons = new Map<BackendName, string>();
for (const only of perhaps) {
  await useBackend({ only }).catch(({ message }: Error) => reasons.set(only, message));
}
await useBackend({ only: "cpu" });

describe.each([...always, ...perhaps])("on %s", (backend) => {
  describe.skipIf(reasons.has(backend))(
    "values agree with the definition, and gradients with finite differences",
    () => {
      const found: Record<string, Errors> = {};
      beforeAll(async () => {
        await useBackend({ only: backend });
        if (backend === "webgpu") env().set("WEBGPU_CPU_FORWARD", false);
      });
      afterAll(async () => {
        await useBackend({ only: "cpu" });
        if (report === undefined) return;
        mkdirSync(report, { recursive: true });
        writeFileSync(`${report}/${backend}.json`, JSON.stringify(found));
      });

      test.each(cases.map((c) => [c.name, c] as const))("%s", async (name, c) => {
        found[name] = await errorsOver(c, seeds);
        expect(failures(found[name])).toEqual([]);
      });
    },
  );
});

test("there are as many cases as there should be, each with a name of its own", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThan(150);
  expect(cases.filter(({ second }) => second).length).toBeGreaterThan(40);
});
