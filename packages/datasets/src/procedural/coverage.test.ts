import { describe, expect, it } from "vitest";
import { coverage } from "./coverage.ts";
import { along, outlines, type Loop } from "./outlines.ts";

/** Gauss's shoelace formula. */
function areaOf(loop: Loop): number {
  const crosses = loop.map(([x0, y0], i) => {
    const [x1, y1] = loop[(i + 1) % loop.length] as readonly [number, number];
    return x0 * y1 - x1 * y0;
  });
  return Math.abs(crosses.reduce((sum, cross) => sum + cross, 0)) / 2;
}

describe("coverage", () => {
  it.each(Object.entries(outlines))("adds up to the area: %s", (_, { loops }) => {
    const placed = loops.map((loop: Loop) => loop.map(([x, y]) => [32.3 + 20 * x, 31.6 + 20 * y] as const));
    const [outer = 0, hole = 0] = placed.map(areaOf);
    const sum = coverage(placed, 64, 64).reduce((total, share) => total + share, 0);
    expect(Math.abs(sum / (outer - hole) - 1)).toBeLessThan(0.01);
  });

  it("is exact along a line, and cut at the image's edge", () => {
    const loop: Loop = [
      [-5, 0],
      [2.25, 0],
      [2.25, 1],
      [-5, 1],
    ];
    expect([...coverage([loop], 2, 4)]).toEqual([1, 1, 0.25, 0, 0, 0, 0, 0]);
    expect([...coverage([loop.map(([x, y]) => [x + 90, y] as const)], 2, 4)]).toEqual(new Array(8).fill(0));
  });
});

describe("along", () => {
  it.each(Object.entries(outlines))(
    "finds any number of points, from the first corner on: %s",
    (_, { loops }) => {
      for (const count of [1, 2, 5, 12, 64, 100]) {
        const points = along(loops[0], count);
        expect(points).toHaveLength(count);
        expect(points[0]).toEqual(loops[0][0]);
      }
    },
  );
});
