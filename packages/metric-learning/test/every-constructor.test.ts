// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Linear, Module, Rng, withoutInit } from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/metric-learning";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const encoder = withoutInit(() => new Linear(4, 2, { rng }));
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.ArcFace, 3, 4, { rng, margin: 28.6, scale: 64 }],
  [exported.CosFace, 3, 4, { rng, margin: 0.35, scale: 64 }],
  [exported.SphereFace, 3, 4, { rng, margin: 4, scale: 1 }],
  [exported.NormalizedSoftmax, 3, 4, { rng, temperature: 0.05 }],
  [exported.ProxyNca, 3, 4, { rng, softmaxScale: 1 }],
  [exported.ProxyAnchor, 3, 4, { rng, margin: 0.1, alpha: 32 }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test.each([exported.SiameseNetwork, exported.TripletNetwork] as const)(
  "%o takes an encoder and nothing else",
  (create) => {
    expect(new create(encoder as never).encoder).toBe(encoder);
    for (const wrong of [undefined, null, 3, {}, { forward: () => null }])
      expect(() => new create(wrong as never)).toThrow(
        `${create.name}: encoder is ${typeof wrong}, expected a module that maps inputs to embeddings.`,
      );
  },
);

test("every exported layer and model has a row", () => {
  const own = [exported.SiameseNetwork, exported.TripletNetwork, exported.MarginSoftmax] as unknown[];
  const classes = Object.values<unknown>(exported).filter(
    (value) =>
      typeof value === "function" &&
      value.prototype instanceof Module &&
      !(value.name in core) &&
      !own.includes(value),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
