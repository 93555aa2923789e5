import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("after a few epochs samples are nearer to digits than noise is", { timeout: 120_000 }, async () => {
  const { distance, noise, floor, samples } = await main({ epochs: 4, samples: 200 });
  expect(samples).toHaveLength(200 * 64);
  expect(floor).toBeLessThan(0.02 * Number(noise));
  expect(distance).toBeLessThan(Number(noise));
});
