import { expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import { mapDataset } from "./map-dataset.ts";
import { Subset } from "./subset.ts";
import { TensorDataset } from "./tensor-dataset.ts";

const numbers = new TensorDataset({ y: { data: Int32Array.of(10, 11, 12, 13), shape: [4] } });

it("gives the items by the numbers chosen, one by one and gathered", () => {
  const some = new Subset(numbers, [3, 1, 3]);
  expect(some.length).toBe(3);
  expect(some.get(0)).toEqual(numbers.get(3));
  expect(some.gather?.(Int32Array.of(1, 2))).toEqual(numbers.gather(Int32Array.of(1, 3)));
});

it("nests", () => {
  const some = new Subset(new Subset(numbers, [3, 1, 2]), [2, 0]);
  expect(some.gather?.(Int32Array.of(0, 1))).toEqual(numbers.gather(Int32Array.of(2, 3)));
});

it("gathers only where the whole dataset does", () => {
  const mapped = mapDataset(numbers, ({ y }) => ({ y }));
  expect(new Subset(mapped, [0]).gather).toBeUndefined();
});

it.each([-1, 4, 0.5])("refuses item %d", (index) => {
  expect(() => new Subset(numbers, [0, index])).toThrow(
    new DataError(`Subset: item ${index} does not exist, there are 4.`),
  );
  expect(() => new Subset(numbers, [0]).get(1)).toThrow("Subset: item 1 does not exist, there are 1.");
});
