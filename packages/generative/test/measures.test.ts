import { useBackend } from "@pellucid/backends";
import { DataError, Rng } from "@pellucid/core-train";
import {
  bitsPerDimension,
  frechetDistance,
  inceptionScore,
  kernelDistance,
  modeCoverage,
  nearestExamples,
  precisionRecall,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Case {
  readonly a: number[][];
  readonly b: number[][];
  readonly fid: number;
  readonly kid: number;
  readonly precision: number;
  readonly recall: number;
}
const cases = fixture<Case[]>(import.meta.url, "../fixtures/torch/measures.json");
beforeAll(() => useBackend({ only: "wasm" }));

test.each(cases)("agree with SciPy in 64 bits, of rows and of tensors", async ({ a, b, ...wanted }) => {
  expect((await frechetDistance(a, b)).distance).toBeCloseTo(wanted.fid, 6);
  expect((await kernelDistance(a, b)).distance).toBeCloseTo(wanted.kid, 9);
  expect(await precisionRecall(a, b)).toEqual({ precision: wanted.precision, recall: wanted.recall });
  const [x, y] = [tensor2d(a), tensor2d(b)];
  const before = memory().numTensors;
  const { distance, realCount, generatedCount } = await frechetDistance(x, y);
  expect([realCount, generatedCount]).toEqual([a.length, b.length]);
  expect(distance).toBeCloseTo(wanted.fid, 4); // the features are rounded to 32 bits
  expect(memory().numTensors).toBe(before);
});

test("a set has a Fréchet distance of 0 from itself, and all of it is within it", async () => {
  const a = (cases[0] as Case).a;
  expect((await frechetDistance(a, a)).distance).toBeCloseTo(0, 9);
  expect(await precisionRecall(a, a)).toEqual({ precision: 1, recall: 1 });
});

test("counts the modes that samples reach", async () => {
  const modes = [0, 1, 2, 3].map((k) => [3 * Math.cos((k * Math.PI) / 2), 3 * Math.sin((k * Math.PI) / 2)]);
  const samples = [...modes.slice(0, 3), [3.1, 0], [0, 0], [9, 9]];
  expect(await modeCoverage(samples, modes, 0.2)).toEqual({ counts: [2, 1, 1, 0], covered: 3, share: 4 / 6 });
});

test("a copy has a ratio of 0 to its nearest example, a new sample about 1", async () => {
  const { data } = new Rng(0).randn([50, 4]);
  const examples = Array.from({ length: 50 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
  const fresh = [...new Rng(1).randn([4]).data];
  const [copy, other] = await nearestExamples([examples[7] as number[], fresh], examples, 2);
  expect(copy).toMatchObject({ ratio: 0, distances: [0, expect.any(Number)] });
  expect(copy?.indices[0]).toBe(7);
  expect(other?.ratio).toBeGreaterThan(0.4);
  expect(other?.distances[0]).toBeLessThanOrEqual(other?.distances[1] as number);
});

test("of all rows equal, the Inception score is 1; of one class each, the number of classes", async () => {
  expect(await inceptionScore([[0.5, 0.5], [0.5, 0.5]])).toBeCloseTo(1, 12); // prettier-ignore
  expect(await inceptionScore([[1, 0, 0], [0, 1, 0], [0, 0, 1]])).toBeCloseTo(3, 12); // prettier-ignore
  expect(bitsPerDimension(Math.LN2 * 12, { dimensions: 4 })).toBe(3);
});

test("what cannot be measured is refused", async () => {
  const rejects = (run: Promise<unknown>, message: string) =>
    expect(run).rejects.toThrow(new DataError(message));
  await rejects(
    frechetDistance([[1]], [[1], [2]]),
    "frechetDistance: real has 1 rows of 1 features, expected 2 rows or more.",
  );
  await rejects(frechetDistance([[1, 2], [3, 4]], [[1], [2]]), "frechetDistance: generated has 1 features, expected 2 as real."); // prettier-ignore
  await rejects(kernelDistance([[1], [NaN]], [[1], [2]]), "kernelDistance: feature 0 of row 1 of real is NaN, expected a finite number."); // prettier-ignore
  await rejects(
    precisionRecall([[1], [2]], [[1], [2]]),
    "precisionRecall: there are 2 examples, expected more than k (3).",
  );
  await rejects(
    inceptionScore([[2, -1]]),
    "inceptionScore: row 0 sums to 1, expected probabilities: take the softmax of logits.",
  );
  await rejects(nearestExamples([[1]], [[1]]), "nearestExamples: there are 1 examples, expected 2 or more.");
  await expect(modeCoverage([[1]], [[1]], 0)).rejects.toThrow(
    "modeCoverage: radius is 0, expected a number above 0.",
  );
  expect(() => bitsPerDimension(1, { dimensions: 0 })).toThrow(
    "bitsPerDimension: dimensions is 0, expected an integer above 0.",
  );
});
