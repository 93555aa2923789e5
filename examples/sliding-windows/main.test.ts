import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test(
  "a small run: the classifier finds some stars, and both ways to slide agree",
  { timeout: 120_000 },
  async () => {
    const { map50, difference } = await main({ train: 60, test: 6, epochs: 6 });
    expect(map50).toBeGreaterThan(0.2);
    expect(difference).toBeLessThan(1e-4);
  },
);

test.runIf(process.env["PELLUCID_LONG"] !== undefined)(
  "the whole run is as the README says",
  { timeout: 900_000 },
  async () => {
    const { map50, difference } = await main();
    expect(map50).toBeGreaterThan(0.85);
    expect(difference).toBeLessThan(1e-4);
  },
);
