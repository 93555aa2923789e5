import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory, tensor4d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { changed, composed, drawAffine, drawQuarterTurn } from "./changes.ts";
import { main } from "./main.ts";
import { backgroundCharacters, type Character, oneShotTrials, side, type Trial } from "./omniglot.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Three strokes between random points, and the same again by unsteady hands. */
function madeUp(rng: Rng, hands: number): Float32Array[] {
  const points = rng.uniform([12], 6, side - 6).data;
  return Array.from({ length: hands }, () => {
    const own = points.map((p, i) => p + (rng.randn([12]).data[i] ?? NaN));
    const ink = new Float32Array(side * side);
    for (let stroke = 0; stroke < 3; stroke++)
      for (let t = 0; t <= 1; t += 1 / 60) {
        const at = (k: number) =>
          (1 - t) * (own[4 * stroke + k] ?? NaN) + t * (own[4 * stroke + k + 2] ?? NaN);
        ink[Math.round(at(0)) * side + Math.round(at(1))] = 1;
      }
    return ink;
  });
}

test("a quarter turn moves pixels, and two maps in one are one after the other", () => {
  const rng = new Rng(3);
  const extent = { turn: 0.3, stretch: 0.2, slant: 0.2, move: 0.1 };
  const [first, second] = [drawAffine(rng, extent), drawQuarterTurn(rng)];
  const apply = ([a, b, c, d, e, f]: typeof first, [x, y]: readonly [number, number]) =>
    [a * x + b * y + c, d * x + e * y + f] as const;
  const both = apply(composed(first, second), [0.3, -0.7]);
  const inTurn = apply(first, apply(second, [0.3, -0.7]));
  expect(both[0]).toBeCloseTo(inTurn[0], 12);
  expect(both[1]).toBeCloseTo(inTurn[1], 12);
  const ink = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const turned = changed(ink, [[0, -1, 0, 1, 0, 0]], { rng, bend: 0 });
  expect([...turned.dataSync()].map(Math.round)).toEqual([2, 4, 1, 3]);
  ink.dispose();
  turned.dispose();
});

test(
  "a few steps on made-up alphabets read another one better than chance, and leak nothing",
  { timeout: 120_000 },
  async () => {
    const rng = new Rng(0);
    const characters: Character[] = Array.from({ length: 24 }, (_, i) => ({
      alphabet: `alphabet ${i % 2}`,
      drawings: madeUp(rng, 4),
    }));
    const unseen = Array.from({ length: 10 }, () => madeUp(rng, 2));
    const trial: Trial = {
      shown: unseen.map(([first]) => first as Float32Array),
      asked: unseen.map(([, second]) => second as Float32Array),
      right: unseen.map((_, i) => i),
    };
    const tensors = memory().numTensors;
    expect(await main({ characters, trials: [trial], steps: 4, groups: 1 })).toBeGreaterThan(0.3);
    expect(memory().numTensors).toBe(tensors);
  },
);

const data = process.env["PELLUCID_DATA"];

test.runIf(process.env["PELLUCID_LONG"] !== undefined && data !== undefined)(
  "nine of ten answers are right in the official trials",
  { timeout: 3_600_000 },
  async () => {
    const folder = join(data as string, "omniglot");
    const [characters, trials] = [await backgroundCharacters(folder), await oneShotTrials(folder)];
    expect([characters.length, trials.length]).toEqual([242, 20]);
    expect(await main({ characters, trials })).toBeGreaterThanOrEqual(0.9);
  },
);
