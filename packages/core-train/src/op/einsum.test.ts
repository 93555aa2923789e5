import { einsum, ShapeError } from "@pellucid/core-train";
import { ones } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [a, b] = [ones([2, 3]), ones([3, 4])];

test.each([
  ["ij,jk->ik,", '"ij,jk->ik," does not fit [2, 3] and [3, 4]: expected letters, commas and an arrow'],
  ["ij->i", '"ij->i" does not fit [2, 3] and [3, 4]: it has 1 operands'],
  ["ijk,jk->i", '"ijk,jk->i" does not fit [2, 3] and [3, 4]: "ijk" has 3 axes'],
  ["ij,kj->ik", '"ij,kj->ik" does not fit [2, 3] and [3, 4]: j is 3 and 4'],
  ["ii,jk->ik", '"ii,jk->ik" does not fit [2, 3] and [3, 4]: "ii" has i twice'],
  ["ij,jk->il", '"ij,jk->il" does not fit [2, 3] and [3, 4]: l comes out but does not go in'],
  ["ij,jk->ii", '"ij,jk->ii" does not fit [2, 3] and [3, 4]: i comes out twice'],
])("%s is refused", (equation, why) => {
  expect(() => einsum(equation, a, b)).toThrow(new ShapeError(`einsum: ${why}.`));
});

test("leaks no tensors", () => {
  expect(() => einsum("ij,jk->ki", a, b)).toLeakNothing();
});

test("an equation that changes nothing returns a copy", () => {
  einsum("ij->ij", a).dispose();
  expect(a.isDisposed).toBe(false);
});
