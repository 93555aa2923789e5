import { cutout, OptionError, Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";

const ones = { data: new Float32Array(36).fill(1), shape: [6, 6, 1] } as const;

test("cuts a square anywhere, also one that sticks out", () => {
  const cut = cutout(4);
  const missing = Array.from(
    { length: 200 },
    (_, seed) => cut(ones, new Rng(seed)).data.filter((x) => x === 0).length,
  );
  expect(Math.max(...missing)).toBe(16);
  expect(Math.min(...missing)).toBe(4);
  expect(ones.data.every((x) => x === 1)).toBe(true);
});

test("the same seed cuts the same", () => {
  const cut = cutout([2, 3], { fill: 0.5 });
  expect(cut(ones, new Rng(3))).toEqual(cut(ones, new Rng(3)));
});

test("a size is an integer", () => {
  expect(() => cutout(0.5)).toThrow(new OptionError("cutout", "size", 0.5, "integers from 1"));
});
