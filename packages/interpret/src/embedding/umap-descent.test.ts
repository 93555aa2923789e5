import { expect, test } from "vitest";
import { FactorTable } from "./umap-descent.ts";

test("a factor that is looked up is within 5e-5 of the formula, over all distances that a map has", () => {
  const [a, b] = [1.5769, 0.8951];
  const factors = [
    (d: number) => (-2 * a * b * d ** b) / (d * (1 + a * d ** b)),
    (d: number) => (2 * b) / ((0.001 + d) * (1 + a * d ** b)),
  ];
  for (const factor of factors) {
    const table = new FactorTable(factor);
    for (let d = 1e-10; d < 1e8; d *= 1.0137)
      expect(Math.abs(table.at(d) / factor(d) - 1)).toBeLessThan(5e-5);
  }
});

test("beyond all maps a factor is that at the table's end", () => {
  const table = new FactorTable((d) => 1 / d);
  expect(table.at(1e-30)).toBe(2 ** 40);
  expect(table.at(1e30)).toBe(2 ** -30);
});
