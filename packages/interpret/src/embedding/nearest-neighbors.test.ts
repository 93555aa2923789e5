import { Rng } from "@pellucid/core-train";
import { nearestNeighbors } from "@pellucid/interpret";
import { expect, test } from "vitest";
import { candidates } from "./nearest-on-backend.ts";
import { RepulsionTree } from "./repulsion-tree.ts";

test("candidates on a backend are more than asked for, and the nearest are among them", async () => {
  const points = new Rng(3).normal([60, 4], 0, 1);
  const { indices } = await nearestNeighbors(points, 5);
  let i = 0;
  for await (const { indices: found, slack } of candidates(points, 5, undefined)) {
    expect(new Set(found).size).toBe(22);
    expect(Array.from(indices.slice(5 * i, 5 * i + 5)).filter((j) => !found.includes(j))).toEqual([]);
    expect(slack).toBeLessThan(1e-3);
    i++;
  }
  expect(i).toBe(60);
});

test("copies of a point are neighbours at distance 0, and repel each other in Z", async () => {
  const near = await nearestNeighbors({ data: Float32Array.of(1, 1, 1, 1, 5, 5), shape: [3, 2] }, 1);
  expect(Array.from(near.indices.slice(0, 2))).toEqual([1, 0]);
  expect(Array.from(near.squaredDistances.slice(0, 2))).toEqual([0, 0]);
  const tree = new RepulsionTree(2, 2);
  tree.build(Float64Array.of(1, 1, 1, 1));
  expect(tree.repel(Float64Array.of(1, 1, 1, 1), new Float64Array(4), 0.5)).toBe(2);
});
