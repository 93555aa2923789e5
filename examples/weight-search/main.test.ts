import { expect, test } from "vitest";
import { main } from "./main.ts";

test("the valley's floor is at w = 2, and its sides are the mean squared error", () => {
  const { best, curve } = main();
  expect(best).toBe(2);
  expect(curve[0]?.[1]).toBeCloseTo((4 + 16 + 36) / 3, 12); // w = 0
  expect(curve.at(-1)?.[1]).toBeCloseTo((4 + 16 + 36) / 3, 12); // w = 4, as far off on the other side
});
