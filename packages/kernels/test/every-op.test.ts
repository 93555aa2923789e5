import { useBackend } from "@pellucid/backends";
import { adam, gradient, Optimizer, parameter, sgd, type Transform } from "@pellucid/core-train";
import { toNumbers } from "@pellucid/testing";
import { getKernelsForBackend, mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { draws } from "./draw.ts";
import { type Row, rows } from "./op-rows.ts";

describe("on WASM, forward and backward, it agrees with the reference on CPU:", () => {
  test.each(Object.entries(rows))("%s", async (_, { shapes, run }) => {
    const all = [];
    for (const only of ["cpu", "wasm"] as const) {
      await useBackend({ only });
      all.push(tidy(() => numbersOf(shapes, run)));
    }
    const [expected, actual] = all as [number[][], number[][]];
    for (const [i, numbers] of expected.entries()) {
      const scale = Math.max(1, ...numbers.map(Math.abs));
      expect(actual[i]).toBeAllclose(numbers, { rtol: 0, atol: 2e-6 * scale });
    }
  });
});

/** What comes out, then the gradient at each input of a sum in which each number counts differently. */
function numbersOf(shapes: readonly number[][], run: Row["run"]): number[][] {
  const { numbers } = draws(2);
  const inputs = shapes.map((shape) => tensor(numbers(shape.reduce((product, n) => product * n, 1)), shape));
  const y = run(...inputs);
  const weights = tensor(numbers(y.size), y.shape);
  const gradients = inputs.map((input, i) =>
    gradient((x: Tensor) => sum(mul(run(...inputs.with(i, x)), weights)))(input),
  );
  return [y, ...gradients].map(toNumbers);
}

const transforms: Record<string, Transform<unknown>> = {
  PellucidAdam: adam({ learningRate: 0.1 }) as Transform<unknown>,
  "PellucidAdam with decay and a quick first average": adam({
    learningRate: 0.1,
    betas: [0.3, 0.9],
    weightDecay: 0.1,
  }) as Transform<unknown>,
  "PellucidAdam with its weights decoupled": adam({
    weightDecay: 0.1,
    decoupledWeightDecay: true,
    eps: 1e-3,
  }) as Transform<unknown>,
  PellucidMomentum: sgd({ learningRate: 0.1, momentum: 0.5 }) as Transform<unknown>,
  "PellucidMomentum, Nesterov's, with decay": sgd({
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 0.1,
  }) as Transform<unknown>,
  "PellucidMomentum with dampening": sgd({
    learningRate: 0.1,
    momentum: 0.9,
    dampening: 0.2,
  }) as Transform<unknown>,
};

describe("five steps on WASM agree with those of the reference on CPU:", () => {
  test.each(Object.entries(transforms))("%s", async (_, transform) => {
    const all = [];
    for (const only of ["cpu", "wasm"] as const) {
      await useBackend({ only });
      const { numbers } = draws(4);
      const weight = parameter({ data: numbers(23), shape: [23] });
      const optimizer = new Optimizer(transform, { weight });
      for (let step = 0; step < 5; step++) tidy(() => optimizer.step({ weight: tensor(numbers(23), [23]) }));
      all.push(toNumbers(weight));
      optimizer.dispose();
      weight.dispose();
    }
    expect(all[1]).toBeAllclose(all[0] as number[], { rtol: 1e-6, atol: 1e-6 });
  });
});

test("every kernel for an op of the core has a row above", async () => {
  await useBackend({ only: "wasm" });
  const tested = [...Object.values(rows).flatMap(({ kernels }) => kernels), ...Object.keys(transforms)];
  const names = getKernelsForBackend("wasm").flatMap(({ kernelName, kernelFunc }) =>
    kernelName.startsWith("Pellucid") && kernelFunc.name === "kernel" ? [kernelName] : [],
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !tested.includes(name))).toEqual([]);
});
