import { useBackend } from "@pellucid/backends";
import { globalNorm, gradient, layerNorm, logSumExp, mseLoss, norm } from "@pellucid/core-train";
import {
  add,
  env,
  fill,
  mean,
  mul,
  ones,
  reshape,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

/** The sizes that are summed; 1e8 numbers take 400 MB. */
const sizes = [1e3, 1e4, 1e5, 1e6, 1e7, ...(process.env["PELLUCID_LONG"] === undefined ? [] : [1e8])];

/** Positive numbers without a pattern, the same on every run. */
function positive(size: number): Float32Array {
  const numbers = new Float32Array(size);
  for (let i = 0, state = 1; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers[i] = 0.5 + state / 2 ** 32;
  }
  return numbers;
}

const total = (numbers: Float32Array, f = (n: number) => n): number => {
  let all = 0;
  for (let i = 0; i < numbers.length; i++) all += f(numbers[i] as number);
  return all;
};

/** How far the one number of a tensor is from the right one, in parts of that. */
async function errorOf(y: Tensor, exact: number): Promise<number> {
  const [found = NaN] = await y.data();
  y.dispose();
  return Math.abs(found / exact - 1);
}

/** Half of the distance of two neighboring numbers of 32 bits, and a little for what is rounded on the way. */
const limit = 2e-7;

const hasWebgpu = await useBackend({ only: "webgpu" }).then(
  () => true,
  () => false,
);

describe.each(["cpu", "wasm", ...(hasWebgpu ? (["webgpu"] as const) : [])] as const)("on %s", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
    if (only === "webgpu") env().set("WEBGPU_CPU_FORWARD", false);
  });

  test.each(sizes.filter((size) => only === "wasm" || size < 1e7))(
    "sums, means and norms of %i numbers agree with 64 bits to 2e-7",
    async (size) => {
      const numbers = positive(size);
      const x = tensor(numbers);
      const exact = total(numbers);
      expect(await errorOf(sum(x), exact)).toBeLessThan(limit);
      expect(await errorOf(mean(x), exact / size)).toBeLessThan(limit);
      expect(await errorOf(norm(x), Math.sqrt(total(numbers, (n) => n * n)))).toBeLessThan(limit);
      x.dispose();
    },
  );

  test("2²⁵ ones sum to 2²⁵", async () => {
    const x = ones([2 ** 25]);
    expect(await errorOf(sum(x), 2 ** 25)).toBe(0);
    x.dispose();
  });

  test.each([
    [[1000, 37], [0]],
    [[1000, 3], [0]],
    [[1009, 64], [0]],
    [[37, 1000], [1]],
    [[5, 1000, 7], [1]],
    [
      [40, 5, 50, 6],
      [0, 2],
    ],
    [
      [9, 8, 7, 6],
      [1, 2],
    ],
    [
      [30, 20, 10],
      [0, 1, 2],
    ],
    [[6, 5], []],
    [[700, 1], [0]],
    [[8, 9], [1]],
  ])("a sum of %j over %j agrees with 64 bits", async (shape, axes) => {
    const numbers = positive(shape.reduce((product, size) => product * size, 1));
    const sums = new Map<string, number>();
    for (const [i, n] of numbers.entries()) {
      let rest = i;
      const index = shape.toReversed().map((size) => {
        const at = rest % size;
        rest = (rest - at) / size;
        return at;
      });
      const key = index
        .toReversed()
        .filter((_, axis) => !axes.includes(axis))
        .join();
      sums.set(key, (sums.get(key) ?? 0) + n);
    }
    const x = tensor(numbers, shape);
    for (const keepDims of [false, true]) {
      const y = sum(x, axes, keepDims);
      const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
      expect(y).toHaveShape(kept);
      expect([...(await y.data())]).toBeAllclose([...sums.values()], { rtol: 2.5e-7, atol: 0 });
      const count = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
      expect([...(await mean(x, axes, keepDims).data())]).toBeAllclose(
        [...sums.values()].map((of) => of / count),
        { rtol: 2.5e-7, atol: 0 },
      );
    }
  });

  test("sums and means over nothing are 0 and NaN, as PyTorch's", async () => {
    expect([...(await sum(zeros([2, 0]), 1).data())]).toEqual([0, 0]);
    expect([...(await mean(zeros([2, 0]), 1).data())]).toEqual([NaN, NaN]);
    expect([...(await mean(zeros([0, 2]), 0).data())]).toEqual([NaN, NaN]);
    expect(mean(zeros([0, 2]), 1)).toHaveShape([0]);
  });

  test("what is not summed is not changed, and a sum leaks nothing", async () => {
    const x = tensor([1, 2, 3, 4], [2, 2]);
    expect(() => sum(x, [])).toLeakNothing();
    expect(() => sum(x, [0, 1])).toLeakNothing();
    expect([...(await x.data())]).toEqual([1, 2, 3, 4]);
  });

  test("integers are summed exactly", async () => {
    expect([...(await sum(tensor([2 ** 24, 1, 1], [3], "int32")).data())]).toEqual([2 ** 24 + 2]);
  });
});

describe("of a million numbers on WASM", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  const size = 1e6;

  test("losses, norms and log-sum-exp agree with 64 bits", async () => {
    const tenth = Math.fround(0.1);
    const x = fill([size], 0.1);
    expect(await errorOf(mseLoss(x, zeros([size])), tenth * tenth)).toBeLessThan(limit);
    expect(await errorOf(globalNorm({ x }), tenth * 1000)).toBeLessThan(limit);
    expect(await errorOf(logSumExp(x), tenth + Math.log(size))).toBeLessThan(limit);
  });

  test("the gradients of a bias and of what was broadcast agree with 64 bits", async () => {
    const numbers = positive(size);
    const exact = total(numbers);
    const x = reshape(tensor(numbers), [size, 1]);
    const bias = gradient((b: Tensor) => sum(mul(x, b)))(ones([1]));
    expect(await errorOf(bias, exact)).toBeLessThan(limit);
  });

  test("a layer norm of a million numbers has mean 0 and variance 1", async () => {
    const x = tensor(
      positive(size).map((n) => 100 + n),
      [1, size],
    );
    const y = layerNorm(x, ones([size]), zeros([size]));
    expect(await errorOf(add(mean(y), 1), 1)).toBeLessThan(1e-5);
    expect(await errorOf(norm(y), 1000)).toBeLessThan(1e-4);
  });
});
