// Positions against their formulas, in 64 bits on the host.
import { useBackend } from "@pellucid/backends";
import {
  alibi,
  alibiSlopes,
  ContextLengthError,
  LearnedPositions,
  OptionError,
  Rng,
  rotary,
  scaledDotProductAttention,
  SinusoidalPositions,
  sinusoids,
} from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { mul, slice, sum, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test("sinusoids are the paper's, for odd numbers of features too", () => {
    const wave = (t: number, i: number, d: number) => {
      const angle = t / 10_000 ** ((2 * Math.floor(i / 2)) / d);
      return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    };
    for (const d of [6, 5]) {
      const positions = new SinusoidalPositions(d, { rng: new Rng(0), maxLen: 20 });
      const expected = Array.from({ length: 20 * d }, (_, at) => wave(Math.floor(at / d), at % d, d));
      expect(positions.forward(zeros([1, 20, d]))).toBeAllclose(expected, { rtol: 0, atol: 6e-8 });
    }
  });

  test("the offset is the position of the first time step", () => {
    const x = sines([2, 6, 4]) as Tensor3D;
    const rng = new Rng(0);
    for (const positions of [
      new SinusoidalPositions(4, { rng, maxLen: 6 }),
      new LearnedPositions(6, 4, { rng }),
    ]) {
      const [whole, later] = [positions.forward(x), positions.forward(slice(x, [0, 4, 0], [2, 2, 4]), 4)];
      expect(later).toBeAllclose(slice(whole, [0, 4, 0], [2, 2, 4]), { rtol: 0, atol: 0 });
    }
    const y = rotary(slice(x, [0, 4, 0], [2, 2, 4]), { offset: 4 });
    expect(y).toBeAllclose(slice(rotary(x), [0, 4, 0], [2, 2, 4]), { rtol: 0, atol: 0 });
  });

  test.for([false, true])(
    "rotary rotates pairs of features by the formula (interleaved: %s)",
    (interleaved) => {
      const x = sines([1, 3, 6]);
      const values = x.dataSync();
      const expected = Array.from({ length: 18 }, (_, at) => {
        const [t, i] = [Math.floor(at / 6), at % 6];
        const pair = interleaved ? Math.floor(i / 2) : i % 3;
        const isFirst = interleaved ? i % 2 === 0 : i < 3;
        const gap = interleaved ? 1 : 3;
        const angle = (t + 2) * 50 ** ((-2 * pair) / 6);
        const [own, other] = [values[at] as number, values[isFirst ? at + gap : at - gap] as number];
        return own * Math.cos(angle) + (isFirst ? -1 : 1) * other * Math.sin(angle);
      });
      expect(rotary(x, { interleaved, base: 50, offset: 2 })).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
      checkGradient((at) => rotary(at, { interleaved }), x);
    },
  );

  test("after rotary a dot product depends on the distance only; features beyond the rotated ones stay", () => {
    const [q, k] = [sines([1, 4], 1), sines([1, 4], 2)];
    const product = (i: number, j: number) =>
      sum(mul(rotary(q, { offset: i }), rotary(k, { offset: j }))).dataSync();
    expect(product(9, 7)).toBeAllclose(product(5, 3), { rtol: 0, atol: 1e-6 });
    const part = rotary(sines([3, 6]), { features: 4 });
    expect(slice(part, [0, 4], [3, 2])).toBeAllclose(slice(sines([3, 6]), [0, 4], [3, 2]), {
      rtol: 0,
      atol: 0,
    });
    expect(slice(part, [0, 0], [3, 4])).toBeAllclose(rotary(slice(sines([3, 6]), [0, 0], [3, 4])));
  });

  test("rotary takes the rates of pairs, and a factor of what is rotated", () => {
    const x = sines([3, 6]);
    const rates = [0, 1, 2].map((i) => 50 ** ((-2 * i) / 6));
    const scaled = rotary(x, { rates, scale: 2, offset: 1 });
    expect(scaled).toBeAllclose(mul(rotary(x, { base: 50, offset: 1 }), 2), { rtol: 0, atol: 1e-6 });
    expect(() => rotary(x, { rates: [1] })).toThrow(
      new OptionError("rotary", "rates.length", 1, "3, one for each pair of features"),
    );
  });

  test("alibi subtracts in proportion to distance, and queries after a cache are the last rows", () => {
    expect(alibi(2, 3)).toBeAllclose(
      [0, -1, -2, -1, 0, -1, -2, -1, 0]
        .flatMap((d) => [d / 16])
        .concat([0, -1, -2, -1, 0, -1, -2, -1, 0].map((d) => d / 256)),
    );
    expect(alibi(2, 1, { keys: 3 })).toBeAllclose([-2 / 16, -1 / 16, 0, -2 / 256, -1 / 256, 0]);
    const x = sines([1, 2, 3, 4]) as Parameters<typeof scaledDotProductAttention>[0];
    expect(scaledDotProductAttention(x, x, x, { mask: alibi(2, 3), isCausal: true })).toHaveShape([
      1, 2, 3, 4,
    ]);
  });
});

test("slopes of ALiBi, also for numbers of heads that are not powers of two", () => {
  expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i));
  expect(alibiSlopes(6)).toEqual([2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3]);
});

test("a sequence longer than the table and an odd number of rotary features are refused", () => {
  const rng = new Rng(0);
  expect(() => new SinusoidalPositions(4, { rng, maxLen: 2 }).forward(zeros([1, 3, 4]))).toThrow(
    new ContextLengthError("SinusoidalPositions(4)", 3, 2),
  );
  expect(() => new LearnedPositions(2, 4, { rng }).forward(zeros([1, 1, 4]), 2)).toThrow(
    "LearnedPositions(2, 4): the sequence has 3 time steps, expected 2 at most. Shorten it, or use a model with a longer context.",
  );
  expect(() => rotary(zeros([2, 3]))).toThrow(
    new OptionError("rotary", "features", 3, "an even number, 3 at most"),
  );
  expect(sinusoids(2, 3).shape).toEqual([2, 3]);
});

test("ALiBi rejects sizes that are not integers, beyond the distances that float32 represents exactly, or that do not fit into memory", () => {
  for (const [name, keys] of [
    ["keys", 2 ** 31],
    ["keys", Infinity],
    ["keys", 0],
    ["keys", 1.5],
  ] as const)
    expect(() => alibi(8, 4, { keys })).toThrow(
      new OptionError("alibi", name, keys, "an integer from 1 to 16777216"),
    );
  expect(() => alibi(8, 4, { offset: NaN })).toThrow(OptionError);
  expect(() => alibi(8, 65_536)).toThrow(
    new OptionError("alibi", "keys", 65_536, "at most 512 for 8 heads and 65536 queries"),
  );
});

test("positions leak no tensors", () => {
  const x = sines([2, 3, 4]) as Tensor3D;
  expect(() => rotary(x)).toLeakNothing();
  expect(() => alibi(3, 4)).toLeakNothing();
});
