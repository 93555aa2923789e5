import { useBackend } from "@pellucid/backends";
import {
  type Backbone,
  BackboneWithFPN,
  BatchNorm2d,
  type FeatureMaps,
  FeaturePyramidNetwork,
  type FeaturePyramidNetworkOptions,
  LastLevelMaxPool,
  LastLevelP6P7,
  Module,
  OptionError,
  type Rng,
  Rng as Generator,
  ShapeError,
} from "@pellucid/core-train";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import { concat, reshape, type Tensor, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(
  import.meta.url,
  "../../fixtures/torch/feature-pyramids.json",
);

const optionsOf: Readonly<Record<string, (rng: Rng) => FeaturePyramidNetworkOptions>> = {
  "two maps of odd sizes": (rng) => ({ rng }),
  "max-pooled": (rng) => ({ rng, extraBlocks: new LastLevelMaxPool() }),
  "P6 and P7 of C5, normalized": (rng) => ({
    rng,
    extraBlocks: new LastLevelP6P7(3, 2, { rng }),
    normLayer: (channels) => new BatchNorm2d(channels),
  }),
  "P6 and P7 of P5": (rng) => ({ rng, extraBlocks: new LastLevelP6P7(2, 2, { rng }) }),
};

/** A pyramid whose maps come flattened one after the other, as in the fixture. */
function flat(options: FeaturePyramidNetworkOptions): TestedLayer {
  const pyramid = new FeaturePyramidNetwork([2, 3], 2, options);
  const forward = (maps: FeatureMaps): Tensor =>
    tidy(() => {
      const levels = FeaturePyramidNetwork.prototype.forward.call(pyramid, maps);
      return concat(Object.values(levels).map((level) => reshape(level, [level.size])));
    });
  return Object.defineProperty(pyramid, "forward", { value: forward }) as unknown as TestedLayer;
}

const named = (maps: readonly Tensor[]): FeatureMaps =>
  Object.fromEntries(maps.map((map, i) => [`c${i + 2}`, map as Tensor4D]));

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [c.title, c] as const))(
    "a pyramid agrees with torchvision: %s",
    async (title, c) => {
      await checkLayerAgainstTorch(
        c,
        (rng) => flat((optionsOf[title] as (rng: Rng) => FeaturePyramidNetworkOptions)(rng)),
        named,
      );
    },
  );
});

/** Maps of zeros. */
class Zeros extends Module implements Backbone {
  readonly maps = [
    { name: "c1", channels: 1, stride: 2 },
    { name: "c2", channels: 2, stride: 4 },
    { name: "c3", channels: 3, stride: 8 },
  ];

  forward(images: Tensor4D): FeatureMaps {
    const [batch, height, width] = images.shape;
    return Object.fromEntries(
      this.maps.map(({ name, channels, stride }) => [
        name,
        zeros<Tensor4D["rankType"]>([batch, height / stride, width / stride, channels]),
      ]),
    );
  }
}

test("a backbone with a pyramid states its maps, and takes those of its body that are asked for", () => {
  const rng = new Generator(0);
  const backbone = new BackboneWithFPN(new Zeros(), 4, { rng, returnedMaps: ["c2", "c3"] });
  expect(backbone.maps).toEqual([
    { name: "c2", channels: 4, stride: 4 },
    { name: "c3", channels: 4, stride: 8 },
    { name: "pool", channels: 4, stride: 16 },
  ]);
  const images = zeros<Tensor4D["rankType"]>([1, 16, 32, 3]);
  const maps = tidy(() => Object.entries(backbone.forward(images)).map(([name, { shape }]) => [name, shape]));
  expect(maps).toEqual([
    ["c2", [1, 4, 8, 4]],
    ["c3", [1, 2, 4, 4]],
    ["pool", [1, 1, 2, 4]],
  ]);
  expect(() => backbone.forward(images)).toLeakNothing();
  images.dispose();
  backbone.dispose();
});

test("errors name the maps", () => {
  const rng = new Generator(0);
  expect(() => new BackboneWithFPN(new Zeros(), 4, { rng, returnedMaps: ["c9"] })).toThrow(
    new OptionError("BackboneWithFPN", "returnedMaps", '"c9"', "names of maps of the body: c1, c2, c3"),
  );
  const pyramid = new FeaturePyramidNetwork([2, 3], 2, { rng });
  expect(() => pyramid.forward({})).toThrow(ShapeError);
  expect(() => pyramid.forward({})).toThrow("there are 0 maps (), expected 2.");
  pyramid.dispose();
});
