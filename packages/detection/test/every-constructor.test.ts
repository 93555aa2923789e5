// Constructors with wrong sizes and options: typed errors, and no tensors left.
import * as core from "@pellucid/core-train";
import { type FeatureMaps, Module, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/detection";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const backbone = { maps: [{ name: "0", channels: 2, stride: 2 }], forward: (): FeatureMaps => ({}) };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.ConvBackbone, 1, [2, 3], { rng, outputs: 2 }],
  [exported.LocalizationNet, backbone, 3, { rng }],
  [exported.LandmarkNet, backbone, 4, { rng }],
  [exported.YoloGrid, backbone, 3, { rng }],
  [exported.YoloAnchors, backbone, 3, [[[2, 3]]], { rng }],
  [exported.AnchorFreeDetector, backbone, 3, { rng, bins: 2, width: 4, depth: 1 }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module && !(value.name in core),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
