import { compoundScaling } from "@pellucid/cnn";
import { expect, test } from "vitest";

test("exponent 0 is the base, and each further integer about doubles the computation", () => {
  expect(compoundScaling(0)).toMatchObject({ width: 1, depth: 1, resolution: 224, dropout: 0.2 });
  const work = (phi: number) => {
    const { width, depth, resolution } = compoundScaling(phi);
    return depth * width ** 2 * resolution ** 2;
  };
  expect(work(3) / work(2)).toBeCloseTo(1.2 * 1.1 ** 2 * 1.15 ** 2, 1); // 1.92, the paper's "about 2"
});

test("a published size has the paper's coefficients", () => {
  expect(compoundScaling("b4")).toEqual({ width: 1.4, depth: 1.8, resolution: 380, dropout: 0.4 });
});

test("an exponent that is not finite is an error", () => {
  expect(() => compoundScaling(Number.NaN)).toThrow("compoundScaling: φ is NaN, expected a finite number.");
});
