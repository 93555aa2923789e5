import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("R² is at least 0.45: what ordinary least squares reaches on the same split is 0.4526", async () => {
  await useBackend({ only: "wasm" });
  const { mse, rmse, r2, mae } = await main();
  expect(r2).toBeGreaterThanOrEqual(0.45);
  expect(rmse).toBeCloseTo(Math.sqrt(mse), 3);
  expect(mae).toBeLessThan(rmse);
});
