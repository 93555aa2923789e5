import { expect, test } from "vitest";
import { main } from "./main.ts";

test("both maps are near, the process nearer, and both know how wrong they are", () => {
  const { kriging, process } = main();
  expect(kriging.rmse).toBeLessThan(0.25);
  expect(process.rmse).toBeLessThan(0.1);
  for (const { covered } of [kriging, process]) expect(covered).toBeGreaterThan(0.9);
});
