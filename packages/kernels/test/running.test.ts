import { useBackend } from "@pellucid/backends";
import {
  cos,
  cumprod,
  cumsum,
  fill,
  floorDiv,
  mean,
  mod,
  mul,
  pow,
  prod,
  sin,
  slice,
  square,
  squaredDifference,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const numbersOf = (f: () => Tensor): number[] => tidy(() => [...f().dataSync()]);

// The numbers are PyTorch 2.13's.
describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test("running sums and products are in 64 bits", () => {
    const tenths = fill([1e6], 0.1);
    expect(numbersOf(() => slice(cumsum(tenths), [1e6 - 1], [1]))).toEqual([100000]);
    tenths.dispose();
    expect(numbersOf(() => cumprod(tensor([1e30, 1e30, 1e-30])))).toEqual([
      Math.fround(1e30),
      Infinity,
      Math.fround(1e30),
    ]);
  });

  test.each([1, 2, 4, 7])("they go along any axis, forward and backward, %i columns at a time", (columns) => {
    const x = Float32Array.from({ length: 2 * 5 * columns }, (_, i) => 1 + (i % 7) / 8);
    for (const [isProduct, exclusive, reverse] of [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
      [1, 2, 4].map((bit) => (bits & bit) !== 0),
    ) as [boolean, boolean, boolean][]) {
      const expected = new Float32Array(x.length);
      for (let column = 0; column < 2 * columns; column++) {
        let whole = isProduct ? 1 : 0;
        for (let i = 0; i < 5; i++) {
          const row = reverse ? 4 - i : i;
          const at = (Math.floor(column / columns) * 5 + row) * columns + (column % columns);
          const next = isProduct ? whole * (x[at] as number) : whole + (x[at] as number);
          expected[at] = exclusive ? whole : next;
          whole = next;
        }
      }
      const run = isProduct ? cumprod : cumsum;
      expect(numbersOf(() => run(tensor(x, [2, 5, columns]), -2, exclusive, reverse))).toEqual([...expected]);
    }
  });

  test("those of integers are modulo 2³²", () => {
    const x = () => tensor([2 ** 16 + 1, 2 ** 16 + 1, 3], [3], "int32");
    expect(numbersOf(() => cumprod(x()))).toEqual([65537, 131073, 393219]);
    expect(numbersOf(() => cumsum(tensor([2 ** 31 - 1, 1], [2], "int32")))).toEqual([
      2 ** 31 - 1,
      -(2 ** 31),
    ]);
  });

  test("sines and cosines of large numbers", () => {
    const x = [1e9, 3e9, 1e15, 1e22, 3e38, -1e10, 100, 1e5, 12345678];
    const sines = [
      0.5458434224, 0.9870048761, 0.9944342971, -0.7340815664, 0.874904871, 0.487506032, -0.5063656569,
      0.0357487984, -0.9035411477,
    ];
    const cosines = [
      0.8378871814, -0.1606902426, 0.105358478, 0.6790613371, -0.4842947835, 0.8731196226, 0.8623188723,
      -0.9993608074, -0.4285013388,
    ];
    for (const [run, expected] of [
      [sin, sines],
      [cos, cosines],
    ] as const) {
      for (const [i, n] of numbersOf(() => run(tensor(x))).entries())
        expect(Math.abs(n - (expected[i] as number)), `of ${x[i]}`).toBeLessThan(6e-8);
    }
    expect(numbersOf(() => sin(tensor([NaN, Infinity, -0])))).toEqual([NaN, NaN, -0]);
    expect(numbersOf(() => cos(tensor([NaN, -Infinity, 0])))).toEqual([NaN, NaN, 1]);
  });

  test("sines and cosines agree with JavaScript's to the last digit, at all sizes", () => {
    const x = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 1.37 ** (i / 16) * 1e-6);
    for (const [run, exact] of [
      [sin, Math.sin],
      [cos, Math.cos],
    ] as const) {
      const y = numbersOf(() => run(tensor(x)));
      for (const [i, n] of x.entries())
        expect(Math.abs((y[i] as number) - exact(n)), `of ${n}`).toBeLessThanOrEqual(
          6e-8 * Math.abs(exact(n)),
        );
    }
  });

  test("powers of 1 are 1, of −1 to the infinite too, and those to 0", () => {
    expect(
      numbersOf(() => pow(tensor([1, 1, -1, NaN, NaN, -2]), tensor([NaN, Infinity, -Infinity, 0, 1, 0.5]))),
    ).toEqual([1, 1, 1, 1, NaN, NaN]);
  });

  test("products of integers are modulo 2³², and the mean of none is NaN", () => {
    const most = () => tensor([2 ** 31 - 1], [1], "int32");
    expect(numbersOf(() => square(most()))).toEqual([1]);
    expect(numbersOf(() => mul(most(), most()))).toEqual([1]);
    expect(numbersOf(() => squaredDifference(most(), tensor([0], [1], "int32")))).toEqual([1]);
    expect(numbersOf(() => prod(tensor([2 ** 31 - 1, 2 ** 31 - 1, 3], [3], "int32")))).toEqual([3]);
    expect(numbersOf(() => mean(zeros([1, 0], "int32"), 1))).toEqual([NaN]);
    expect(mean(zeros([0, 3, 2], "int32"), [1, 2]).shape).toEqual([0]);
  });

  test("quotients that are rounded down keep their dtype, and are those of Python", () => {
    const infinity = Infinity;
    const [a, b] = [tensor([infinity, 1, -1, 1, -7.5, 0, 3]), tensor([2, infinity, infinity, 0.1, 2, 0, 0])];
    const y = floorDiv(a, b);
    expect(y.dtype).toBe("float32");
    expect([...y.dataSync()]).toEqual([NaN, 0, -1, 9, -4, NaN, infinity]);
    expect(numbersOf(() => floorDiv(tensor([[7], [-7]]), tensor([2, -2])))).toEqual([3, -4, -4, 3]);
    expect(
      numbersOf(() => mod(tensor([1e9, -1, 1, -7.5, 7.5]), tensor([infinity, infinity, -infinity, 2, -2]))),
    ).toEqual([1e9, infinity, -infinity, 0.5, -0.5]);
    expect(floorDiv(tensor([7], [1], "int32"), tensor([-2], [1], "int32")).dtype).toBe("int32");
  });
});
