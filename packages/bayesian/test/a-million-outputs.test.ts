// A million outputs of an interval network, each from weights, biases and an input chosen within their intervals, half of them at the
// ends: none is outside of the bounds. The outputs are computed in 64 bits.
import { useBackend } from "@pellucid/backends";
import { Rng, Sequential, tanh } from "@pellucid/core-train";
import { type Interval, intervalAround, IntervalLinear, Monotone } from "@pellucid/bayesian";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

type Bounds = readonly [lower: Float32Array, upper: Float32Array];

const boundsOf = ({ lower, upper }: Interval): Bounds => [
  lower.dataSync<"float32">(),
  upper.dataSync<"float32">(),
];

beforeAll(() => useBackend({ only: "wasm" }));

test("a million outputs of chosen weights are within the bounds", { timeout: 120_000 }, () => {
  const rng = new Rng(0);
  const [first, second] = [
    new IntervalLinear(3, 8, { rng, rho: -2 }),
    new IntervalLinear(8, 2, { rng, rho: -2 }),
  ];
  const net = new Sequential(first, new Monotone(tanh), second);
  const examples = 10;
  const bounds: Bounds[] = [];
  tidy(() => {
    const input = intervalAround(tensor2d(rng.uniform([examples, 3], -1, 1).data, [examples, 3]), 0.1);
    const output = net.forward(input) as Interval;
    const parts = [input, first.weights(), first.biases(), second.weights(), second.biases(), output];
    for (const part of parts) bounds.push(boundsOf(part as Interval));
  });
  const [x, w1, b1, w2, b2, y] = bounds as [Bounds, Bounds, Bounds, Bounds, Bounds, Bounds];

  const draw = (): number => rng.uint32() / 2 ** 32;
  const choose = ([lower, upper]: Bounds): Float64Array => {
    const ends = draw() < 0.5;
    return Float64Array.from(lower, (low, i) => {
      const share = ends ? Math.round(draw()) : draw();
      return low + share * ((upper[i] as number) - low);
    });
  };
  const layer = (x: Float64Array, w: Float64Array, b: Float64Array): Float64Array =>
    b.map((bias, o) => x.reduce((total, value, k) => total + value * (w[k * b.length + o] as number), bias));

  let outside = 0;
  let count = 0;
  for (let i = 0; i < 50_000; i++) {
    const [weights1, biases1, weights2, biases2] = [w1, b1, w2, b2].map(choose) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const inputs = choose(x);
    for (let n = 0; n < examples; n++) {
      const hidden = layer(inputs.subarray(3 * n, 3 * n + 3), weights1, biases1).map(Math.tanh);
      for (const [o, value] of layer(hidden, weights2, biases2).entries()) {
        count++;
        if (value < (y[0][2 * n + o] as number) || value > (y[1][2 * n + o] as number)) outside++;
      }
    }
  }
  expect(count).toBe(1_000_000);
  expect(outside).toBe(0);
  net.dispose();
});
