import { expect, test } from "vitest";
import { makeDivisible } from "./make-divisible.ts";

// torchvision.models._utils._make_divisible(v, 8)
test.for([
  [3, 8],
  [12, 16],
  [19.2, 24],
  [32, 32],
  [33.6, 32],
  [44, 48],
  [105.6, 104],
] as const)("%f channels become %i", ([channels, rounded]) => {
  expect(makeDivisible(channels)).toBe(rounded);
});
