import { type Image, OptionError, pcaColor, Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";

const image: Image = { data: new Float32Array([0, 0.5, 1, 0.25, 0.25, 0.25]), shape: [1, 2, 3] };
const components = {
  values: [1, 0.5, 0.25],
  vectors: [
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ],
} as const;

test("all pixels change by the same color, drawn along the components", () => {
  const [a = 0, b = 0, c = 0] = new Rng(1).normal([3], 0, 0.2).data;
  const { data } = pcaColor({ std: 0.2, components })(image, new Rng(1));
  const shift = [a, 0.25 * c, 0.5 * b];
  expect(data).toBeAllclose(Array.from(image.data, (x, i) => x + (shift[i % 3] as number)));
});

test("without components it takes ImageNet's: mostly brightness changes", () => {
  const black: Image = { data: new Float32Array(3), shape: [1, 1, 3] };
  const [strength = 0, ...rest] = new Rng(5).normal([3], 0, 0.1).data;
  const { data } = pcaColor()(black, new Rng(5));
  expect(rest).toHaveLength(2);
  expect(data).toBeAllclose(
    [-0.5675, -0.5808, -0.5836].map((x) => x * 0.2175 * strength),
    { atol: 3e-3 },
  );
});

test("a gray image stays", () => {
  const gray: Image = { data: new Float32Array([0.5]), shape: [1, 1, 1] };
  expect(pcaColor()(gray, new Rng(0))).toBe(gray);
});

test("a deviation is not negative", () => {
  expect(() => pcaColor({ std: -1 })).toThrow(
    new OptionError("pcaColor", "std", -1, "a number of 0 or more"),
  );
});
