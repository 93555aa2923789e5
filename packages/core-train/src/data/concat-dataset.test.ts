import { expect, it } from "vitest";
import { ConcatDataset } from "./concat-dataset.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";

const counting = (from: number, length: number): Dataset<number> => ({ length, get: (i) => from + i });
const all = new ConcatDataset([counting(0, 2), counting(0, 0), counting(10, 3)]);

it("gives the items of one dataset after those of the other", () => {
  expect(Array.from({ length: all.length }, (_, i) => all.get(i))).toEqual([0, 1, 10, 11, 12]);
});

it.each([-1, 5])("refuses item %d", (index) => {
  expect(() => all.get(index)).toThrow(
    new DataError(`ConcatDataset: item ${index} does not exist, there are 5.`),
  );
});
