// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { useBackend } from "@pellucid/backends";
import { Module, Rng } from "@pellucid/core-train";
import * as exported from "@pellucid/rl";
import { Box } from "@pellucid/rl/environments";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { beforeAll, expect, test } from "vitest";

const rng = new Rng(0);
const space = new Box([-1, -2], [1, 2]);
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.QNetwork, 3, 2, { rng, hidden: [4] }],
  [exported.DuellingQNetwork, 3, 2, { rng, hidden: [4] }],
  [exported.NoisyLinear, 3, 2, { rng, stdInit: 0.5 }],
  [exported.DiscreteActorCritic, 3, 2, { rng, hidden: [4] }],
  [exported.ContinuousActorCritic, 3, 2, { rng, hidden: [4] }],
  [exported.SoftActor, 3, space, { rng, hidden: 4 }],
  [exported.DeterministicActor, 3, space, { rng, hidden: 4 }],
  [exported.ActionCritic, 3, 2, { rng, hidden: 4 }],
  [exported.Curiosity, 3, 2, { rng, features: 4, hidden: 4, scale: 0.1, beta: 0.2 }],
];

beforeAll(() => useBackend({ only: "cpu" }));

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  checkConstructor(create, args);
});

test("every exported module has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
