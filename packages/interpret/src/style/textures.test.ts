import { Rng } from "@pellucid/core-train";
import { growTexture, quiltTexture } from "@pellucid/interpret";
import { memory, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { cut } from "./quilt-texture.ts";

const board = (rows: number, columns: number, channels = 1) =>
  tensor4d(
    Float32Array.from({ length: rows * columns * channels }, (_, i) => {
      const at = Math.floor(i / channels);
      return ((Math.floor(at / columns) >> 1) + ((at % columns) >> 1) + (i % channels)) % 2;
    }),
    [1, rows, columns, channels],
  );

/** Whether every square of `side` pixels is one of the sample's. */
function isOfSample(made: Tensor4D, sample: Tensor4D, side: number): boolean {
  const patches = (image: Tensor4D): Set<string> => {
    const [, height, width, channels] = image.shape;
    const data = image.dataSync();
    const found = new Set<string>();
    for (let r = 0; r + side <= height; r++)
      for (let c = 0; c + side <= width; c++)
        found.add(
          Array.from({ length: side }, (_, i) =>
            data.slice(((r + i) * width + c) * channels, ((r + i) * width + c + side) * channels).join(),
          ).join(";"),
        );
    return found;
  };
  const own = patches(sample);
  return [...patches(made)].every((patch) => own.has(patch));
}

test.for([1, 3])("a board of squares of 2 by 2 grows without an error, in %i colors", async (channels) => {
  const sample = board(12, 12, channels);
  const held = memory().numTensors;
  const grown = await growTexture(sample, { rng: new Rng(3), size: [17, 16], window: 7 });
  expect(memory().numTensors).toBe(held + 1);
  expect(grown).toHaveShape([1, 17, 16, channels]);
  expect(isOfSample(grown, sample, 4)).toBe(true);
});

test("every pixel that grows is one of the sample's, the same for a seed, another for another", async () => {
  const sample = tensor4d(new Rng(0).rand([1, 9, 9, 3]).data, [1, 9, 9, 3]);
  const grow = (seed: number) =>
    growTexture(sample, { rng: new Rng(seed), size: [8, 8], window: 3, tolerance: 0.5 });
  const [first, again, other] = [await grow(1), await grow(1), await grow(2)];
  expect(isOfSample(first, sample, 1)).toBe(true);
  expect(again).toBeAllclose(first, { rtol: 0, atol: 0 });
  expect(Array.from(other.dataSync())).not.toEqual(Array.from(first.dataSync()));
});

test("a checkerboard is quilted without a visible seam, in the given size", async () => {
  const sample = board(12, 12, 3);
  const held = memory().numTensors;
  const sewn = await quiltTexture(sample, { rng: new Rng(0), size: [19, 30], patch: 6, overlap: 2 });
  expect(memory().numTensors).toBe(held + 1);
  expect(sewn).toHaveShape([1, 19, 30, 3]);
  expect(isOfSample(sewn, sample, 4)).toBe(true);
});

test("patches are cut where they differ least: by hand, and as short as the best of all ways", () => {
  const errors = [
    [5, 1, 5],
    [5, 5, 0],
    [9, 1, 9],
    [0, 8, 8],
  ];
  expect(cut(4, 3, (r, c) => errors[r]?.[c] as number)).toEqual([1, 2, 1, 0]);
  const random = new Rng(4).rand([6, 3]).data;
  const at = (r: number, c: number) => random[3 * r + c] as number;
  const all = Array.from({ length: 3 ** 6 }, (_, i) =>
    Array.from({ length: 6 }, (__, r) => Math.floor(i / 3 ** r) % 3),
  );
  const cost = (way: readonly number[]) => way.reduce((sum, c, r) => sum + at(r, c), 0);
  const connected = all.filter((way) =>
    way.every((c, r) => r === 0 || Math.abs(c - (way[r - 1] as number)) <= 1),
  );
  expect(cost(cut(6, 3, at))).toBeCloseTo(Math.min(...connected.map(cost)), 6);
});

test("both stop at their signal, and say what they cannot do", async () => {
  const sample = board(8, 8);
  const held = memory().numTensors;
  const options = {
    rng: new Rng(0),
    size: [20, 20] as const,
    signal: AbortSignal.abort(new Error("enough")),
  };
  await expect(growTexture(sample, options)).rejects.toThrow("enough");
  await expect(quiltTexture(sample, options)).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(held);
  await expect(growTexture(sample, { ...options, window: 4 })).rejects.toThrow(
    "growTexture: window is 4, expected odd, 3 to 8",
  );
  await expect(quiltTexture(sample, { ...options, patch: 9 })).rejects.toThrow("quiltTexture: patch is 9");
  await expect(quiltTexture(sample, { ...options, overlap: 8 })).rejects.toThrow(
    "quiltTexture: overlap is 8",
  );
});
