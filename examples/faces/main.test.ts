import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { type Faces, main, orlFaces } from "./main.ts";
import { readPgm } from "./read-pgm.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a file of gray bytes is read, and one that is cut is refused", () => {
  const file = new TextEncoder().encode("P5\n# by hand\n3 2\n255\n");
  const bytes = Uint8Array.of(...file, 0, 51, 102, 153, 204, 255);
  const { width, height, pixels } = readPgm(bytes);
  expect([width, height]).toEqual([3, 2]);
  expect([...pixels].map((p) => Math.round(5 * p))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(() => readPgm(bytes.subarray(0, -1))).toThrow("all of its pixels");
});

/** People made of three gray discs each, which every picture moves a little. */
function madeUp(first: number, people: number, rng: Rng): Faces {
  const size = 24;
  const data = new Float32Array(people * 5 * size * size);
  for (let person = 0; person < people; person++) {
    const discs = rng.uniform([9], 4, 20).data;
    for (let picture = 0; picture < 5; picture++) {
      const [dx = 0, dy = 0] = rng.randn([2]).data;
      for (let i = 0; i < size * size; i++)
        for (let d = 0; d < 3; d++) {
          const [x = 0, y = 0, gray = 0] = discs.subarray(3 * d, 3 * d + 3);
          const isInside = Math.hypot((i % size) - x - dx, Math.floor(i / size) - y - dy) < 5;
          if (isInside) data[(person * 5 + picture) * size * size + i] = gray / 10;
        }
    }
  }
  return {
    x: { data, shape: [people * 5, size, size, 1] },
    y: {
      data: Int32Array.from({ length: people * 5 }, (_, i) => first + Math.floor(i / 5)),
      shape: [people * 5],
    },
  };
}

test(
  "a few steps compare made-up people better than chance, and leak nothing",
  { timeout: 120_000 },
  async () => {
    const rng = new Rng(0);
    const [seen, unseen] = [madeUp(0, 12, rng), madeUp(12, 10, rng)];
    const tensors = memory().numTensors;
    const { auc, fiveWay } = await main({ seen, unseen, steps: 6, people: 6 });
    expect(auc).toBeGreaterThan(0.7);
    expect(fiveWay).toBeGreaterThan(0.4);
    expect(memory().numTensors).toBe(tensors);
  },
);

const data = process.env["PELLUCID_DATA"];

test.runIf(process.env["PELLUCID_LONG"] !== undefined && data !== undefined)(
  "ten unseen people of the ORL faces are compared as by PyTorch",
  { timeout: 3_600_000 },
  async () => {
    const people = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const folder = join(data as string, "orl_faces");
    const [seen, unseen] = [await orlFaces(folder, people(1, 30)), await orlFaces(folder, people(31, 40))];
    const { auc, fiveWay, raw } = await main({ seen, unseen });
    expect(raw.auc).toBeCloseTo(0.9445, 4);
    expect(auc).toBeGreaterThanOrEqual(0.955);
    expect(fiveWay).toBeGreaterThanOrEqual(0.9);
  },
);
