import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import { gradient } from "@pellucid/core-train";
import { checkAgainstTorch, checkGradient, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activations as rows, type ActivationArgs as Args } from "./rows/activations.ts";

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

test.each(Object.keys(rows))(
  "%s has the first and second derivative that finite differences measure",
  (name) => {
    const [activation] = rows[name] as (typeof rows)[string];
    const args = cases.find(({ op }) => op === name)?.args as Args;
    const x = tensor([-6.3, -3.5, -2.2, -0.7, -0.2, 0.2, 0.8, 2.4, 4.1, 6.5]); // between the kinks
    checkGradient((at) => activation(at, args), x);
    checkGradient(
      gradient((at: Tensor) => activation(at, args)),
      x,
    );
  },
);

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [titleOf(c), c] as const))("%s agrees with PyTorch", (_, c) => {
    const [activation, layer] = rows[c.op] as (typeof rows)[string];
    checkAgainstTorch(c, (x) => activation(x as Tensor, c.args));
    checkAgainstTorch(c, (x) => layer(c.args).forward(x as Tensor));
  });

  test.each(Object.keys(rows))("%s keeps the type, passes NaN on, and leaks no tensors", (name) => {
    const [activation] = rows[name] as (typeof rows)[string];
    const args = cases.find(({ op }) => op === name)?.args as Args;
    const x = tensor([[-0.3, NaN, 0.2]]);
    const y = activation(x, args);
    expect(y.dtype).toBe("float32");
    expect(y).toHaveShape([1, 3]);
    expect([...y.dataSync()].map(Number.isNaN)).toEqual([false, true, false]);
    expect(() => activation(x, args)).toLeakNothing();
    expect(() => gradient((at: Tensor) => activation(at, args))(x)).toLeakNothing();
  });
});
