import { padSequences } from "@pellucid/datasets";
import { expect, test } from "vitest";

test("sequences are padded at their end to the length of the longest", () => {
  const { x, lengths } = padSequences([[1, 2, 3], [4]], { value: 9 });
  expect(x).toEqual({ data: Int32Array.of(1, 2, 3, 4, 9, 9), shape: [2, 3] });
  expect(lengths).toEqual([3, 1]);
});

test("there may be more sequences than a function takes arguments", () => {
  const { x } = padSequences(Array.from({ length: 200_000 }, (_, i) => [i]));
  expect(x.shape).toEqual([200_000, 1]);
  expect(x.data.at(-1)).toBe(199_999);
});
