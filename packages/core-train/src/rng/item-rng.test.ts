import { expect, it } from "vitest";
import { itemRngs } from "./item-rng.ts";

it("returns the same draws for the same position in the same epoch", () => {
  expect(itemRngs(7n)(3).rand([4])).toEqual(itemRngs(7n)(3).rand([4]));
});

it("returns other draws for another position, another epoch, and seeds that differ in high bits only", () => {
  const first = [itemRngs(7n)(3), itemRngs(7n)(4), itemRngs(8n)(3), itemRngs(7n + (1n << 40n))(3)];
  expect(new Set(first.map((rng) => rng.uint32())).size).toBe(4);
});

it("draws numbers that do not hang together from item to item", () => {
  const drawn = Array.from({ length: 2000 }, (_, i) => itemRngs(1n)(i).rand([]).data[0] as number);
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  const products = drawn.slice(1).map((x, i) => (x - 0.5) * ((drawn[i] as number) - 0.5));
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / drawn.length));
  expect(Math.abs(products.reduce((sum, x) => sum + x, 0) / drawn.length)).toBeLessThan(
    4 / 12 / Math.sqrt(drawn.length),
  );
});
