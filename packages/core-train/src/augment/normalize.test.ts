import { normalize, ShapeError } from "@pellucid/core-train";
import { expect, test } from "vitest";

const image = { data: new Float32Array([0, 0.5, 1, 0.25]), shape: [1, 2, 2] } as const;

test("each channel has its mean and deviation", () => {
  expect(normalize([0.5, 0.25], [0.5, 0.25])(image).data).toEqual(new Float32Array([-1, 1, 1, 0]));
});

test("there is one mean and one deviation per channel", () => {
  expect(() => normalize([0.5], [0.5])(image)).toThrow(
    new ShapeError("normalize: there are 1 means and 1 deviations, expected 2 for image [1, 2, 2]."),
  );
});
