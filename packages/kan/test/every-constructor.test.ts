// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/kan";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const grid = { rng, k: 2, noiseScale: 0.1, gridEps: 0.5 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [
    exported.KAN,
    [2, 3, 1],
    { ...grid, grid: 3, multArity: 2, scaleBaseMu: 0.1, scaleBaseSigma: 1, scaleSp: 1 },
  ],
  [exported.KANLayer, 2, 3, { ...grid, num: 4, scaleBaseMu: 0.1, scaleBaseSigma: 1, scaleSp: 1 }],
  [exported.SymbolicKANLayer, 2, 3],
  [exported.EfficientKAN, [2, 3], { ...grid, gridSize: 4 }],
  [exported.KANLinear, 2, 3, { ...grid, gridSize: 4, scaleBase: 1, scaleSpline: 1 }],
  [exported.RBFNetwork, 2, 5, 3, { rng, width: 0.5 }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
