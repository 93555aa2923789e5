import { normalizeVectors, OptionError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("zeros and empty batches stay what they are", () => {
  expect(normalizeVectors(zeros([2, 3]))).toBeAllclose([0, 0, 0, 0, 0, 0], { rtol: 0, atol: 0 });
  expect(normalizeVectors(zeros([0, 3]))).toHaveShape([0, 3]);
});

test("refuses an eps that lets it divide by zero", () => {
  expect(() => normalizeVectors(sines([2, 3]), { eps: 0 })).toThrow(
    new OptionError("normalizeVectors", "eps", 0, "a number above 0"),
  );
});
