import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import * as core from "@pellucid/core-train";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

type Args = core.ELUOptions &
  core.GELUOptions &
  core.HardtanhOptions &
  core.LeakyReLUOptions &
  core.SoftplusOptions &
  core.SoftshrinkOptions & { readonly at: number; readonly value: number };

type Activation = (x: Tensor, args: Args) => Tensor;

/** Those that map every number by itself: the function, and the layer that is it. */
const rows: Readonly<Record<string, readonly [Activation, (args: Args) => core.Layer<Tensor, Tensor>]>> = {
  celu: [core.celu, (args) => new core.CELU(args)],
  elu: [core.elu, (args) => new core.ELU(args)],
  gelu: [core.gelu, (args) => new core.GELU(args)],
  hardshrink: [core.hardshrink, (args) => new core.Hardshrink(args)],
  hardsigmoid: [core.hardsigmoid, () => new core.Hardsigmoid()],
  hardswish: [core.hardswish, () => new core.Hardswish()],
  hardtanh: [core.hardtanh, (args) => new core.Hardtanh(args)],
  leakyRelu: [core.leakyRelu, (args) => new core.LeakyReLU(args)],
  logSigmoid: [core.logSigmoid, () => new core.LogSigmoid()],
  mish: [core.mish, () => new core.Mish()],
  relu: [core.relu, () => new core.ReLU()],
  relu6: [core.relu6, () => new core.ReLU6()],
  selu: [core.selu, () => new core.SELU()],
  sigmoid: [core.sigmoid, () => new core.Sigmoid()],
  silu: [core.silu, () => new core.SiLU()],
  softplus: [core.softplus, (args) => new core.Softplus(args)],
  softshrink: [core.softshrink, (args) => new core.Softshrink(args)],
  softsign: [core.softsign, () => new core.Softsign()],
  tanh: [core.tanh, () => new core.Tanh()],
  tanhshrink: [core.tanhshrink, () => new core.Tanhshrink()],
  threshold: [
    (x, { at, value }) => core.threshold(x, at, value),
    ({ at, value }) => new core.Threshold(at, value),
  ],
};

const cases = fixture<{ cases: TorchCase<Args>[] }>(
  import.meta.url,
  "../fixtures/torch/activations.json",
).cases;

test("every elementwise activation has a row and a case", () => {
  const folder = new URL("../src/nn/", import.meta.url);
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const exported = [...index.matchAll(/export \{ \w+, (\w+).* \} from ".\/nn\/(.*)"/g)]
    .filter(([, , file = ""]) => /defineElementwise|relu6/.test(readFileSync(new URL(file, folder), "utf8")))
    .map(([, name]) => name);
  expect(new Set(Object.keys(rows))).toEqual(new Set(exported));
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(exported));
});

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [titleOf(c), c] as const))("%s agrees with PyTorch", (_, c) => {
    const [activation, layer] = rows[c.op] as (typeof rows)[string];
    checkAgainstTorch(c, (x) => activation(x as Tensor, c.args));
    checkAgainstTorch(c, (x) => layer(c.args).forward(x as Tensor));
  });

  test.each(Object.keys(rows))("%s keeps the type, passes NaN on, and leaves nothing behind", (name) => {
    const [activation] = rows[name] as (typeof rows)[string];
    const args = cases.find(({ op }) => op === name)?.args as Args;
    const x = tensor([[-0.3, NaN, 0.2]]);
    const y = activation(x, args);
    expect(y.dtype).toBe("float32");
    expect(y).toHaveShape([1, 3]);
    expect([...y.dataSync()].map(Number.isNaN)).toEqual([false, true, false]);
    expect(() => activation(x, args)).toLeakNothing();
    expect(() => core.gradient((at: Tensor) => activation(at, args))(x)).toLeakNothing();
  });
});
