// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { type FeatureMaps, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/detection";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { test } from "vitest";

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
