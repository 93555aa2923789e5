import { useBackend } from "@pellucid/backends";
import { selectiveScan } from "@pellucid/mamba";
import { scaledDotProductAttention } from "@pellucid/transformer";
import { conv2d, gradient } from "@pellucid/core-train";
import {
  matMul,
  mul,
  neg,
  ones,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";

// What WebAssembly adds up over many products agrees with 64 bits to 2e-7: blocks in 32 bits, and their sums in 64.

beforeAll(() => useBackend({ only: "wasm" }));

const limit = 2e-7;

/** Numbers from 0.5 to 1.5. */
const positive = (count: number, seed: number): Float32Array =>
  Float32Array.from(draws(seed).numbers(count), (n) => 1 + n / 2);

/** `Σ_i f(i)` in 64 bits. */
function total(count: number, f: (i: number) => number): number {
  let all = 0;
  for (let i = 0; i < count; i++) all += f(i);
  return all;
}

/** The largest error of numbers, in parts of the right ones. */
function worst(found: Tensor, exact: (i: number) => number): number {
  const numbers = Array.from(found.dataSync());
  found.dispose();
  return numbers.reduce((most, n, i) => Math.max(most, Math.abs(n / exact(i) - 1)), 0);
}

const at = (numbers: Float32Array, i: number): number => numbers[i] as number;

describe.each([
  [32, 7],
  [32, 8],
  [8, 12],
  [8, 16],
  [8, 64],
  [2, 150],
])("%i images of %i pixels each way", (images, side) => {
  const pixels = images * side * side;
  const gradients = positive(pixels * 6, 2);
  const dy = () => tensor(gradients, [images, side, side, 6]) as Tensor4D;
  /** The gradient at the middle of a filter of 3×3, under which all pixels go by. */
  const middle = (x: Tensor4D, filter: number[], groups: number): Tensor =>
    tidy(() => {
      const loss = (w: Tensor) => sum(mul(conv2d(x, w as Tensor4D, null, { padding: 1, groups }), dy()));
      return slice(gradient(loss)(zeros(filter)), [1, 1, 0, 0], [1, 1, -1, -1]);
    });

  test.each([1, 4])("the filter of a convolution of %i channels", (channels) => {
    const numbers = positive(pixels * channels, 1);
    const x = tensor(numbers, [images, side, side, channels]) as Tensor4D;
    const exact = (i: number) =>
      total(pixels, (p) => at(numbers, p * channels + Math.floor(i / 6)) * at(gradients, p * 6 + (i % 6)));
    expect(worst(middle(x, [3, 3, channels, 6], 1), exact)).toBeLessThan(limit);
  });

  test("the filters of channels apart", () => {
    const numbers = positive(pixels * 6, 1);
    const x = tensor(numbers, [images, side, side, 6]) as Tensor4D;
    const exact = (i: number) => total(pixels, (p) => at(numbers, p * 6 + i) * at(gradients, p * 6 + i));
    expect(worst(middle(x, [3, 3, 1, 6], 6), exact)).toBeLessThan(limit);
  });
});

test.each([1e3, 1e4, 1e5, 1e6])("products of transposed matrices of %i rows", (rows) => {
  for (const [left, right] of [
    [1, 1],
    [3, 5],
    [16, 20],
  ] as const) {
    if (rows * right > 3e6) continue;
    const [a, b] = [positive(rows * left, 1), positive(rows * right, 2)];
    const y = tidy(() => matMul(tensor(a, [rows, left]), tensor(b, [rows, right]), true));
    const exact = (i: number) =>
      total(rows, (r) => at(a, r * left + Math.floor(i / right)) * at(b, r * right + (i % right)));
    expect(worst(y, exact)).toBeLessThan(limit);
  }
});

test.each([1e3, 1e4, 1e5])("the mean that attention takes over %i keys", (keys) => {
  const values = positive(keys * 5, 1);
  const y = tidy(() =>
    scaledDotProductAttention(
      zeros([1, 1, 2, 4]) as Tensor4D,
      ones([1, 1, keys, 4]) as Tensor4D,
      tensor(values, [1, 1, keys, 5]) as Tensor4D,
    ),
  );
  const exact = (i: number) => total(keys, (k) => at(values, k * 5 + (i % 5))) / keys;
  expect(worst(y, exact)).toBeLessThan(limit);
});

test.each([1e3, 1e4, 1e5])("the gradient of attention at a value that %i queries read", (queries) => {
  const [gradients, value] = [positive(queries * 5, 1), zeros([1, 1, 2, 5]) as Tensor4D];
  const query = zeros([1, 1, queries, 4]) as Tensor4D;
  const dv = tidy(() =>
    gradient((v: Tensor4D) =>
      sum(
        mul(
          scaledDotProductAttention(query, ones([1, 1, 2, 4]) as Tensor4D, v),
          tensor(gradients, [1, 1, queries, 5]),
        ),
      ),
    )(value),
  );
  const exact = (i: number) => total(queries, (q) => at(gradients, q * 5 + (i % 5))) / 2;
  expect(worst(dv, exact)).toBeLessThan(limit);
});

test.each([1e3, 1e4])("the gradients of a scan over %i channels, and time steps", (many) => {
  const drawn = [1, 2, 3].map((seed) => positive(many, seed)) as [Float32Array, Float32Array, Float32Array];
  const [u, delta, dy] = drawn;
  const run = (shape: [number, number, number], A: Tensor, B: Tensor, C: Tensor) =>
    sum(
      mul(
        selectiveScan({
          u: tensor(u, shape) as Tensor3D,
          delta: tensor(delta, shape) as Tensor3D,
          A: A as never,
          B: B as never,
          C: C as never,
        }).output,
        tensor(dy, shape),
      ),
    );
  // One time step from no state: y = C · Δ u B.
  const dB = tidy(() =>
    reshape(
      gradient((B: Tensor) => run([1, 1, many], neg(ones([many, 1])), B, ones([1, 1, 1])))(ones([1, 1, 1])),
      [-1],
    ),
  );
  expect(worst(dB, () => total(many, (i) => at(u, i) * at(delta, i) * at(dy, i)))).toBeLessThan(limit);
  // One channel with A = 0, through all time steps: h_t = h_{t−1} + Δ u, and dA = Σ_t g_t Δ_t h_{t−1} with g_t = Σ_{s ≥ t} dy_s.
  const dA = tidy(() =>
    reshape(
      gradient((A: Tensor) => run([1, many, 1], A, ones([1, many, 1]), ones([1, many, 1])))(zeros([1, 1])),
      [-1],
    ),
  );
  const before = new Float64Array(many + 1);
  for (let t = 0; t < many; t++) before[t + 1] = (before[t] as number) + at(delta, t) * at(u, t);
  let [g, exact] = [0, 0];
  for (let t = many - 1; t >= 0; t--) {
    g += at(dy, t);
    exact += g * at(delta, t) * (before[t] as number);
  }
  expect(worst(dA, () => exact)).toBeLessThan(2e-6); // the states of 32 bits themselves are that far off
});
