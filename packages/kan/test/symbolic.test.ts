// From curves to formulas: the numbers of a function are found, an edge is locked to it, and the formula computes what the network does.
import { useBackend } from "@pellucid/backends";
import { DataError, IndexError, OptionError, Rng } from "@pellucid/core-train";
import {
  autoSymbolic,
  fitSymbolic,
  KAN,
  prune,
  suggestSymbolic,
  symbolicFormula,
  symbolicFunctions,
  type SymbolicName,
} from "@pellucid/kan";
import { memory, tensor1d, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

const even = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

test.for([
  ["sin", 3, 2, 5, 0.7],
  ["x^2", 1.5, -0.4, -2, 1],
  ["exp", -1.2, 0.3, 0.5, 0],
  ["tanh", 4, 1, 2, -3],
  ["gaussian", 2, 0.5, 1, 0],
  ["1/x", 1, 3, 2, 1],
  ["log", 1, 2.5, 3, 0],
] as const)("%s(%d x + %d) is found: r² above 0.9999", ([name, a, b, c, d]) => {
  const x = even(-1, 1, 60);
  const y = x.map((u) => c * symbolicFunctions[name].value(a * u + b) + d);
  const { affine, r2 } = fitSymbolic(x, y, name);
  expect(r2).toBeGreaterThan(0.9999);
  const [fa, fb, fc, fd] = affine;
  const fitted = x.map((u) => fc * symbolicFunctions[name].value(fa * u + fb) + fd);
  expect(fitted).toBeAllclose(y, { rtol: 0, atol: 0.05 });
});

test("each function is the same on the backend, on the host and in TypeScript", () => {
  for (const [name, { value, tensor, typescript }] of Object.entries(symbolicFunctions)) {
    const x = even(0.1, 0.9, 9);
    // oxlint-disable-next-line typescript/no-implied-eval -- it runs the formula
    const code = new Function("u", `return ${typescript("u")}`) as (u: number) => number;
    expect(tensor(tensor2d(x, [9, 1])), name).toBeAllclose(x.map(value), { rtol: 1e-5, atol: 1e-5 });
    expect(x.map(code), name).toBeAllclose(x.map(value), { rtol: 1e-12, atol: 1e-12 });
  }
});

test("the best suggestion for an edge that is a parabola is x²", async () => {
  const model = new KAN([1, 1], { rng: new Rng(0), grid: 5, baseFun: "zero" });
  model.fixSymbolic(0, 0, 0, "x^2", [1, 0.2, 3, -1]);
  const x = tensor2d(even(-1, 1, 50), [50, 1]);
  const [first, ...others] = await suggestSymbolic(model, 0, 0, 0, x);
  expect(first?.name).toBe("x^2");
  expect(first?.r2).toBeGreaterThan(0.999999);
  expect(others).toHaveLength(Object.keys(symbolicFunctions).length - 1);
});

test("a formula computes what the network does, with products, scales and nested functions", async () => {
  const model = new KAN([2, [1, 1], 1], { rng: new Rng(0) });
  model.fixSymbolic(0, 0, 0, "sin", [3, 0.5, 1.5, 0.25]);
  model.fixSymbolic(0, 1, 0, "x^2", [1, 0, -1, 0]);
  model.fixSymbolic(0, 0, 1, "x", [2, 1, 1, 0]);
  model.removeEdge(0, 1, 1);
  model.removeEdge(0, 0, 2);
  model.fixSymbolic(0, 1, 2, "exp", [-1, 0, 1, 0]);
  model.fixSymbolic(1, 0, 0, "tanh", [0.7, 0, 2, 0]);
  model.fixSymbolic(1, 1, 0, "x", [1, 0, 0.5, -0.125]);
  model.nodeScale[1]?.assign(tensor1d([2]));
  const [formula] = await symbolicFormula(model, { inputs: ["a", "b"] });
  expect(formula?.latex).toContain("\\tanh");
  expect(formula?.latex).not.toMatch(/NaN|undefined|\+ -/);
  // oxlint-disable-next-line typescript/no-implied-eval -- it runs the formula
  const f = new Function(`return ${formula?.typescript.replaceAll(": number", "")}`)() as (
    a: number,
    b: number,
  ) => number;
  const x = new Rng(2).uniform([20, 2], -1, 1).data;
  const wanted = model.forward(tensor2d(x, [20, 2])).dataSync();
  const computed = Array.from({ length: 20 }, (_, i) => f(x[2 * i] as number, x[2 * i + 1] as number));
  expect(computed).toBeAllclose(wanted, { rtol: 1e-5, atol: 1e-5 });
});

test("all edges of a network are locked by autoSymbolic, and its formula is near", async () => {
  const model = new KAN([2, 1], { rng: new Rng(4), grid: 5, noiseScale: 2 });
  const x = tensor2d(new Rng(5).uniform([80, 2], -1, 1).data, [80, 2]);
  const before = model.forward(x).dataSync();
  await expect(symbolicFormula(model)).rejects.toThrow(
    "symbolicFormula: the edge from 0 to 0 of layer 0 is a spline, expected a function.",
  );
  const { numTensors } = memory();
  const taken = await autoSymbolic(model, x, { weightSimple: 0 });
  expect(memory().numTensors).toBe(numTensors);
  expect(taken.map(({ edge }) => edge)).toEqual([
    [0, 0, 0],
    [0, 1, 0],
  ]);
  const spread = Math.max(...before) - Math.min(...before);
  const after = model.forward(x).dataSync();
  expect(Math.max(...after.map((y, i) => Math.abs(y - (before[i] as number))))).toBeLessThan(0.5 * spread);
  const [formula] = await symbolicFormula(model);
  expect(formula?.typescript).toMatch(/^\(x_1: number, x_2: number\): number => /);
});

test("pruning removes nodes and edges that do nothing, and keeps what the network computes", async () => {
  const model = new KAN([2, [3, 1], 1], { rng: new Rng(8) });
  for (const i of [0, 1]) {
    model.removeEdge(0, i, 1); // node 1 does nothing
    model.removeEdge(0, i, 2);
  }
  model.removeEdge(0, 0, 0);
  const x: Tensor2D = tensor2d(new Rng(5).uniform([40, 2], -1, 1).data, [40, 2]);
  const { numTensors } = memory();
  const small = await prune(model, x, { nodeThreshold: 1e-6, edgeThreshold: 0 });
  expect(small.width).toEqual([
    [2, 0],
    [1, 1],
    [1, 0],
  ]);
  expect(small.forward(x)).toBeAllclose(model.forward(x), { rtol: 0, atol: 0.2 });
  small.dispose();
  expect(memory().numTensors).toBe(numTensors + 2);
});

test("edges, functions and samples that do not exist are refused", async () => {
  const model = new KAN([2, 1], { rng: new Rng(0) });
  expect(() => model.fixSymbolic(0, 2, 0, "sin")).toThrow(
    new IndexError("KAN.fixSymbolic: there is no edge from 2 to 0, expected 0 to 1 and 0 to 0."),
  );
  expect(() => model.fixSymbolic(1, 0, 0, "sin")).toThrow(IndexError);
  expect(() => model.fixSymbolic(0, 0, 0, "sine" as SymbolicName)).toThrow(OptionError);
  expect(() => model.fixSymbolic(0, 0, 0, "sin", [NaN, 0, 1, 0])).toThrow(OptionError);
  expect(() => fitSymbolic([1], [1], "sin")).toThrow(DataError);
  expect(() => fitSymbolic([1, NaN], [1, 2], "sin")).toThrow(DataError);
  await expect(prune(model, tensor2d([[1, 2]]))).rejects.toThrow(DataError);
});
