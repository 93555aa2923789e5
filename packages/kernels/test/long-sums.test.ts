import { useBackend } from "@pellucid/backends";
import {
  BatchNorm1d,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  globalNorm,
  gradient,
  huberLoss,
  l1Loss,
  layerNorm,
  linear,
  logSumExp,
  mseLoss,
  norm,
  rmsNorm,
  smoothL1Loss,
  training,
} from "@pellucid/core-train";
import {
  add,
  dispose,
  fill,
  mean,
  mul,
  ones,
  reshape,
  slice,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  type Tensor2D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";

// What is summed over many numbers, forward and in gradients, agrees with 64 bits to 2e-7: half of the distance of two neighboring
// numbers of 32 bits, and a little for what is rounded on the way. `PELLUCID_LONG=1` goes to 1e8 numbers, which take 400 MB, on WASM.

const limit = 2e-7;
const isLong = process.env["PELLUCID_LONG"] !== undefined;
const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];

/** Numbers from 0.5 to 1.5, the same for each measure. */
const positive = (size: number): Float32Array => {
  const drawn = draws(1).numbers(Math.min(size, 10_007));
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = 1 + (drawn[i % drawn.length] as number) / 2;
  return numbers;
};

/** `Σ f(n)` in 64 bits. */
function total(numbers: Float32Array, f: (n: number, i: number) => number): number {
  let all = 0;
  for (let i = 0; i < numbers.length; i++) all += f(numbers[i] as number, i);
  return all;
}

/** A number that is made of many, as ours and in 64 bits. */
interface Measure {
  readonly ours: (x: Tensor1D) => Tensor;
  readonly exact: (numbers: Float32Array) => number;
}

const meanOf =
  (f: (n: number) => number) =>
  (numbers: Float32Array): number =>
    total(numbers, f) / numbers.length;
const tenth = Math.fround(0.1);
const tenths = (x: Tensor) => fill(x.shape, 0.1);

const forward: Readonly<Record<string, Measure>> = {
  sum: { ours: (x) => sum(x), exact: (numbers) => total(numbers, (n) => n) },
  mean: { ours: (x) => mean(x), exact: meanOf((n) => n) },
  norm: { ours: (x) => norm(x), exact: (numbers) => Math.sqrt(total(numbers, (n) => n * n)) },
  globalNorm: {
    ours: (x) => globalNorm({ x, more: x }),
    exact: (numbers) => Math.sqrt(2 * total(numbers, (n) => n * n)),
  },
  logSumExp: {
    ours: (x) => logSumExp(x),
    exact: (numbers) => Math.log(total(numbers, Math.exp)),
  },
  mseLoss: { ours: (x) => mseLoss(x, tenths(x)), exact: meanOf((n) => (n - tenth) ** 2) },
  l1Loss: { ours: (x) => l1Loss(x, tenths(x)), exact: meanOf((n) => n - tenth) },
  huberLoss: {
    ours: (x) => huberLoss(x, zeros(x.shape)),
    exact: meanOf((n) => (n < 1 ? n * n * 0.5 : n - 0.5)),
  },
  smoothL1Loss: {
    ours: (x) => smoothL1Loss(x, zeros(x.shape)),
    exact: meanOf((n) => (n < 1 ? n * n * 0.5 : n - 0.5)),
  },
  binaryCrossEntropyWithLogits: {
    ours: (x) => binaryCrossEntropyWithLogits(x, zeros(x.shape)),
    exact: meanOf((n) => Math.log1p(Math.exp(n))),
  },
  crossEntropy: {
    ours: (x) => crossEntropy(reshape(x, [-1, 2]), zeros([x.size / 2], "int32")),
    exact: (numbers) =>
      (2 / numbers.length) *
      total(numbers, (n, i) => (i % 2 === 1 ? 0 : Math.log1p(Math.exp((numbers[i + 1] as number) - n)))),
  },
};

/** The first number of a gradient. */
const gradientAt = (f: (own: Tensor) => Tensor, at: Tensor): Tensor =>
  tidy(() => {
    const gradients = gradient((own: Tensor) => f(own))(at);
    return slice(reshape(gradients, [-1]), [0], [1]);
  });

/** The columns `n` and `n + 1`, so that what is normalized is −1 and 1. */
const apart = (x: Tensor): Tensor2D => add(reshape(x, [-1, 1]), tensor([0, 1], [1, 2])) as Tensor2D;
const rateOf = (eps: number) => 0.5 / Math.sqrt(0.25 + eps);

const backward: Readonly<Record<string, Measure>> = {
  "the bias of a linear layer": {
    ours: (x) => {
      const column = reshape(x, [-1, 1]) as Tensor2D;
      return gradientAt(
        (bias) =>
          sum(
            mul(linear(ones(column.shape) as Tensor2D, ones([1, 1]) as Tensor2D, bias as Tensor1D), column),
          ),
        zeros([1]),
      );
    },
    exact: (numbers) => total(numbers, (n) => n),
  },
  "a number that is broadcast": {
    ours: (x) => gradientAt((b) => sum(mul(x, b)), ones([1])),
    exact: (numbers) => total(numbers, (n) => n),
  },
  "a row that is broadcast": {
    ours: (x) => gradientAt((b) => sum(square(mul(reshape(x, [-1, 4]), b))), ones([1, 4])),
    exact: (numbers) => 2 * total(numbers, (n, i) => (i % 4 === 0 ? n * n : 0)),
  },
  "the bias of a layer norm": {
    ours: (x) =>
      gradientAt((bias) => sum(mul(layerNorm(apart(x), ones([2]), bias), reshape(x, [-1, 1]))), zeros([2])),
    exact: (numbers) => total(numbers, (n) => n),
  },
  "the weight of a layer norm": {
    ours: (x) =>
      gradientAt(
        (weight) => sum(mul(layerNorm(apart(x), weight, zeros([2])), reshape(x, [-1, 1]))),
        ones([2]),
      ),
    exact: (numbers) => -rateOf(1e-5) * total(numbers, (n) => n),
  },
  "the weight of an RMS norm": {
    ours: (x) => gradientAt((weight) => sum(rmsNorm(reshape(x, [-1, 1]), weight, 0)), ones([1])),
    exact: (numbers) => numbers.length,
  },
  "the bias of a batch norm": {
    ours: (x) => {
      const layer = new BatchNorm1d(1);
      const column = reshape(x, [-1, 1]) as Tensor2D;
      try {
        return gradientAt(
          (bias) => {
            const y = training(layer, () => layer.forward(column));
            return sum(mul(add(y, bias), column));
          },
          zeros([1]),
        );
      } finally {
        layer.dispose();
      }
    },
    exact: (numbers) => total(numbers, (n) => n),
  },
};

/** How far the one number of a tensor is from the right one, in parts of that. */
async function errorOf(y: Tensor, exact: number): Promise<number> {
  const [found = NaN] = await y.data();
  return Math.abs(found / exact - 1);
}

/** The CPU backend computes in the way of JavaScript, slowly: a million numbers. */
const most = { cpu: 1e6, wasm: isLong ? 1e8 : 1e7 } as const;

/** What is computed on the way does not fit into WebAssembly's 4 GiB at 1e8 numbers: these go to 3e7. */
const large = new Set([
  "binaryCrossEntropyWithLogits",
  "the bias of a layer norm",
  "the weight of a layer norm",
  "the weight of an RMS norm",
  "the bias of a batch norm",
]);

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  describe.each([...sizes, 3e7, 1e8].filter((size) => size <= most[only]))("of %i numbers,", (size) => {
    let numbers: Float32Array = new Float32Array(0);
    beforeAll(() => {
      numbers = positive(size);
    });
    const measured = Object.entries({ ...forward, ...backward }).filter(([name]) =>
      size <= 1e7
        ? only === "wasm" || size < 1e6 || !name.endsWith("of a layer norm") // ten seconds each
        : large.has(name) === (size === 3e7),
    );
    test.each(measured)("%s", async (_, { ours, exact }) => {
      const x = tensor(numbers) as Tensor1D;
      let y: Tensor | undefined;
      try {
        y = tidy(() => ours(x));
        expect(await errorOf(y, exact(numbers))).toBeLessThan(limit);
      } finally {
        dispose(y === undefined ? [x] : [x, y]);
      }
    });
  });
});
