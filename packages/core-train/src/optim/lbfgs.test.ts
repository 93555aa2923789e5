import { useBackend } from "@pellucid/backends";
import { type ByPath, Lbfgs, type LbfgsOptions, OptionError, type Parameter } from "@pellucid/core-train";
import { parameter, ParameterError, StepInProgressError, strongWolfe } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import {
  add,
  dispose,
  log,
  matMul,
  mean,
  memory,
  mul,
  reshape,
  square,
  sub,
  sum,
} from "@tensorflow/tfjs-core";
import { tensor1d, tensor2d, Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";

interface Case {
  readonly name: string;
  readonly steps: readonly {
    readonly loss: number;
    readonly lossError: number;
    readonly point: readonly number[];
    readonly pointError: number;
    readonly evaluations: number;
    readonly iterations: number;
    /** Whether PyTorch in 32 bits takes the same path as in 64. */
    readonly sameInSingle: boolean;
  }[];
}

type Problem = { readonly start: ByPath<readonly number[]>; readonly loss: (p: ByPath<Parameter>) => Tensor };

const valley: Problem = {
  start: { x: [-1.25], y: [1] },
  loss({ x, y }) {
    const [bend, rest] = [sub(y as Tensor, square(x as Tensor)), sub(1, x as Tensor)];
    return add(sum(square(rest)), mul(100, sum(square(bend))));
  },
};

const rows = Array.from({ length: 6 }, (_, i) => [0, 1, 2].map((j) => (((5 * i + 3 * j) % 7) - 3) / 4));
const right = Array.from({ length: 6 }, (_, i) => (((3 * i) % 5) - 2) / 2);
const squares: Problem = {
  start: { w: [0.5, -1, 2], b: [0] },
  loss({ w, b }) {
    const y = reshape(matMul(tensor2d(rows), reshape(w as Tensor, [3, 1])), [6]);
    return mean(square(sub(add(y, b as Tensor), tensor1d(right))));
  },
};

const searching = { lineSearch: strongWolfe };

const problems: Readonly<Record<string, readonly [Problem, LbfgsOptions]>> = {
  "valley, strong Wolfe": [valley, searching],
  "valley, short steps": [valley, { ...searching, maxIter: 3, historySize: 2 }],
  "valley, few evaluations": [valley, { ...searching, maxEval: 4 }],
  "valley, no search": [valley, { learningRate: 0.5, maxIter: 4 }],
  squares: [squares, { learningRate: 0.5, maxIter: 5 }],
  "squares, strong Wolfe": [squares, { ...searching, maxIter: 6 }],
  "squares, to the end": [squares, { ...searching, toleranceGrad: 1e-3 }],
};

const parametersOf = ({ start }: Problem): ByPath<Parameter> =>
  Object.fromEntries(
    Object.entries(start).map(([path, values]) => [
      path,
      parameter({ data: Float32Array.from(values), shape: [values.length] }),
    ]),
  );

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../../fixtures/torch/lbfgs.json");

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  // Steps that depend on past steps carry errors along, so the reference's own is its worst so far.
  test.each(cases.map((c) => [c.name, c] as const))("%s follows PyTorch", async (name, { steps }) => {
    await useBackend({ only });
    const [problem, options] = problems[name] as readonly [Problem, LbfgsOptions];
    const parameters = parametersOf(problem);
    const optimizer = new Lbfgs(parameters, options);
    let [lossError, pointError] = [0, 0];
    for (const expected of steps) {
      lossError = Math.max(lossError, expected.lossError);
      pointError = Math.max(pointError, expected.pointError);
      const loss = await optimizer.step(() => problem.loss(parameters));
      expect(loss).toBeAllclose(expected.loss, { atol: 4 * lossError, rtol: 1e-6 });
      const values = Object.values(parameters).flatMap((each) => [...each.dataSync()]);
      const scale = Math.max(...expected.point.map(Math.abs));
      expect(values).toBeAllclose(expected.point, {
        atol: Math.max(4 * pointError, 1e-6 * scale),
        rtol: 0,
      });
      if (expected.sameInSingle)
        expect(optimizer.state()).toMatchObject({ evaluations: expected.evaluations });
      if (expected.sameInSingle) expect(optimizer.state()).toMatchObject({ iterations: expected.iterations });
    }
    dispose(parameters);
  });
});

test("it continues from a saved state bit by bit", async () => {
  const [through, resumed] = [parametersOf(valley), parametersOf(valley)];
  const options = { ...searching, maxIter: 4 };
  const first = new Lbfgs(through, options);
  await first.step(() => valley.loss(through));
  const second = new Lbfgs(resumed, options);
  second.restore(structuredClone(first.state()));
  for (const [path, each] of Object.entries(resumed)) each.assign(mul(through[path] as Tensor, 1));
  for (let i = 0; i < 3; i++) {
    const expected = await first.step(() => valley.loss(through));
    expect(await second.step(() => valley.loss(resumed))).toBe(expected);
  }
});

test("it never waits for the backend", async () => {
  const parameters = parametersOf(valley);
  const reading = vi.spyOn(Tensor.prototype, "dataSync");
  await new Lbfgs(parameters, searching).step(() => valley.loss(parameters));
  expect(reading).not.toHaveBeenCalled();
  reading.mockRestore();
});

test("a parameter that the loss does not use stays", async () => {
  const parameters = {
    ...parametersOf(squares),
    other: parameter({ data: new Float32Array([7]), shape: [] }),
  };
  await new Lbfgs(parameters, searching).step(() => squares.loss(parameters));
  expect(parameters.other).toBeAllclose([7]);
});

test("a loss that throws leaves the parameters and the state as they were, and leaks no tensors", async () => {
  const parameters = parametersOf(valley);
  const optimizer = new Lbfgs(parameters, searching);
  const { numTensors } = memory();
  let calls = 0;
  const failing = () => {
    if (++calls === 4) throw new Error("the fourth call");
    return valley.loss(parameters);
  };
  await expect(optimizer.step(failing)).rejects.toThrow("the fourth call");
  expect(parameters["x"]).toBeAllclose([-1.25]);
  expect(optimizer.state().evaluations).toBe(0);
  await optimizer.step(() => valley.loss(parameters));
  expect(memory().numTensors).toBe(numTensors);
});

test("a loss that stops being a number does not run forever", async () => {
  const parameters = { x: parameter({ data: new Float32Array([1]), shape: [1] }) };
  const loss = () => sum(log(parameters.x));
  const optimizer = new Lbfgs(parameters, searching);
  await optimizer.step(loss);
  expect(optimizer.state().evaluations).toBeLessThan(60);
});

test("steps are taken one at a time", async () => {
  const parameters = parametersOf(squares);
  const optimizer = new Lbfgs(parameters);
  const one = optimizer.step(() => squares.loss(parameters));
  await expect(optimizer.step(() => squares.loss(parameters))).rejects.toThrow(
    new StepInProgressError("Lbfgs: step was called while another step is running; await that one first."),
  );
  await one;
});

test("options and parameters that make no sense are refused", () => {
  expect(() => new Lbfgs({})).toThrow(ParameterError);
  expect(() => new Lbfgs(parametersOf(valley), { maxIter: 0 })).toThrow(
    new OptionError("Lbfgs", "maxIter", 0, "an integer ≥ 1"),
  );
});
