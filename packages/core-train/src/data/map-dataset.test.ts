import { expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import type { Dataset } from "./dataset.ts";
import { mapDataset } from "./map-dataset.ts";

const squares: Dataset<number> = { length: 4, get: (i) => i * i };

it("transforms items as they are loaded, also asynchronous ones", async () => {
  const later: Dataset<number> = { length: 4, get: (i) => Promise.resolve(i * i) };
  expect(mapDataset(squares, (item) => item + 1).get(3)).toBe(10);
  expect(await mapDataset(later, (item) => Promise.resolve(item + 1)).get(3)).toBe(10);
});

it("passes the item's generator from transform to transform", () => {
  const twice = mapDataset(
    mapDataset(squares, (_, rng) => [rng.uint32()]),
    (drawn, rng) => [...drawn, rng.uint32()],
  );
  const rng = new Rng(5);
  expect(twice.get(1, new Rng(5))).toEqual([rng.uint32(), rng.uint32()]);
});

it("seeds the generator by the index where none is given", () => {
  const drawn = mapDataset(squares, (_, rng) => rng.uint32());
  expect(drawn.get(2)).toBe(new Rng(2).uint32());
});
