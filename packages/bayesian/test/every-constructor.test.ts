// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { useBackend } from "@pellucid/backends";
import { Module, relu, Rng } from "@pellucid/core-train";
import * as exported from "@pellucid/bayesian";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { beforeAll, expect, test } from "vitest";

const rng = new Rng(0);
const options = { rng, bias: true };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.BayesianLinear, 3, 2, options],
  [exported.BayesianConv2d, 3, 2, 3, { ...options, stride: 1, padding: 1 }],
  [exported.BayesianLeNet, { rng, numClasses: 2, inChannels: 1 }],
  [exported.IntervalLinear, 3, 2, { ...options, rho: -4 }],
  [exported.IntervalConv2d, 3, 2, 3, { ...options, rho: -4, stride: 1, padding: 1 }],
];

beforeAll(() => useBackend({ only: "cpu" }));

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  checkConstructor(create, args);
});

test("every exported module has a row", () => {
  const apart: unknown[] = [exported.BayesianLayer, exported.Monotone];
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module && !apart.includes(value),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
  expect(new exported.Monotone(relu)).toBeInstanceOf(Module);
});
