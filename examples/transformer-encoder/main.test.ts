import { expect, test } from "vitest";
import { main } from "./main.ts";

test("one seed, one input: WASM and plain JavaScript agree", { timeout: 60_000 }, async () => {
  const small = { batch: 4, time: 20, dModel: 64, layers: 3, dimFeedforward: 128 };
  const runs = await main({ backends: ["wasm", "cpu"], ...small });
  expect(runs.map(({ backend }) => backend)).toEqual(["wasm", "cpu"]);
  for (const { apart } of runs) expect(apart).toBeLessThan(1e-5); // outputs are normal numbers after a norm
});
