import { useBackend } from "@pellucid/backends";
import {
  abs,
  adaptiveMaxPool2d,
  amax,
  amin,
  avgPool2d,
  celu,
  elu,
  gelu,
  gradient,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  norm,
  prelu,
  relu,
  relu6,
  selu,
  sigmoid,
  sign,
  silu,
  softplus,
  softshrink,
  softsign,
  tanh,
  tanhshrink,
  threshold,
} from "@pellucid/core-train";
import {
  cumsum,
  mean,
  reshape,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import fixture from "../fixtures/torch/not-a-number-activations.json" with { type: "json" };

type Run = (x: Tensor) => Tensor;

const activations: Readonly<Record<string, Run>> = {
  relu,
  relu6,
  leakyRelu: (x) => leakyRelu(x),
  prelu: (x) => prelu(x, tensor1d([0.25])),
  elu: (x) => elu(x),
  celu: (x) => celu(x),
  selu,
  gelu: (x) => gelu(x),
  "gelu, tanh": (x) => gelu(x, { approximate: "tanh" }),
  silu,
  mish,
  softplus: (x) => softplus(x),
  softsign,
  softshrink: (x) => softshrink(x),
  hardshrink: (x) => hardshrink(x),
  tanhshrink,
  hardtanh: (x) => hardtanh(x),
  hardsigmoid,
  hardswish,
  threshold: (x) => threshold(x, 0.1, 20),
  sigmoid,
  logSigmoid,
  tanh,
  abs,
  sign,
};

const image = (x: Tensor) => reshape(x, [1, 2, -1, 1]) as Tensor4D;

const ofMany: Readonly<Record<string, Run>> = {
  sum: (x) => sum(x),
  mean: (x) => mean(x),
  norm: (x) => norm(x),
  "norm of one": (x) => norm(x, 1),
  amax: (x) => amax(x, 0),
  amin: (x) => amin(x, 0),
  logSoftmax: (x) => logSoftmax(x),
  cumsum: (x) => cumsum(x, 0),
  avgPool2d: (x) => avgPool2d(image(x), 2),
  adaptiveMaxPool2d: (x) => adaptiveMaxPool2d(image(x), 1),
};

const parsed = (words: readonly string[]) =>
  words.map((word) => Number(word.replace("inf", "Infinity").replace("nan", "NaN")));

/** To four digits, since the backends' exponentials differ in the last; 0 has no sign. */
const rounded = (numbers: ArrayLike<number>) =>
  Array.from(numbers, (n) => (Math.abs(n) < 1e-30 ? 0 : Number(n.toPrecision(4))));

/**
 * Where ours differ: at infinity, PyTorch's vectors have NaN for the GELU, and for the gradient of softsign; ours have the limits, ∞ and 0.
 */
const limits = ["gelu", "softsign"];

/** The row of the fixture under a name. */
const rowOf = (rows: Readonly<Record<string, { y: string[]; gradient: string[] }>>, name: string) =>
  Object.entries(rows).find(([op]) => op === name)?.[1] ?? { y: [], gradient: [] };

async function compare(run: Run, words: readonly string[], row: { y: string[]; gradient: string[] }) {
  const x = tensor(parsed(words));
  expect(rounded(await run(x).data())).toEqual(rounded(parsed(row.y)));
  expect(rounded(await gradient((own: Tensor) => sum(run(own)))(x).data())).toEqual(
    rounded(parsed(row.gradient)),
  );
}

describe.each(["cpu", "wasm"] as const)("on %s, NaN and infinities come out as PyTorch's:", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(Object.entries(activations))("%s", async (name, run) => {
    const { y, gradient: dx } = rowOf(fixture.activations, name);
    if (limits.includes(name)) {
      await compare(run, fixture.x.toSpliced(1, 2), { y: y.toSpliced(1, 2), gradient: dx.toSpliced(1, 2) });
    } else await compare(run, fixture.x, { y, gradient: dx });
  });

  describe.each(fixture.ofMany)("$name:", (many) => {
    test.each(Object.entries(ofMany))("%s", (name, run) => compare(run, many.x, rowOf(many.values, name)));
  });
});
