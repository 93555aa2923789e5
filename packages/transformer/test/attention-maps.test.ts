// The weights of every attention of a model, by its path.
import { useBackend } from "@pellucid/backends";
import { Module, Rng } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { attentionMaps, MultiheadAttention, TransformerEncoder } from "@pellucid/transformer";
import { slice, sum, type Tensor, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const encoderOf = (numLayers: number) =>
  new TransformerEncoder(8, 2, numLayers, { rng: new Rng(0), dimFeedforward: 16 });

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test("the weights of each query add up to 1, and a causal mask leaves none for later keys", () => {
    const encoder = encoderOf(2);
    const x = sines([2, 5, 8]) as Tensor3D;
    const maps = attentionMaps(encoder, () => encoder.forward(x, { isCausal: true }));
    expect(Object.keys(maps)).toEqual(["layers.0.selfAttn", "layers.1.selfAttn"]);
    const map = maps["layers.1.selfAttn"] as Tensor;
    expect(map).toHaveShape([2, 2, 5, 5]);
    expect(sum(map, 3)).toBeAllclose(new Float32Array(20).fill(1));
    expect(slice(map, [0, 0, 0, 1], [2, 2, 1, 4])).toBeAllclose(new Float32Array(16));
  });

  test("it leaks nothing", () => {
    const encoder = encoderOf(1);
    const x = sines([1, 3, 8]) as Tensor3D;
    expect(() => attentionMaps(encoder, () => encoder.forward(x))).toLeakNothing();
  });
});

test("a layer that runs twice is refused", () => {
  const layer = new MultiheadAttention(6, 2, { rng: new Rng(0) });
  const x = zeros([2, 5, 6]) as Tensor3D;
  class Twice extends Module {
    readonly inner = layer;
  }
  const run = () => [layer.forward(x), layer.forward(x)];
  expect(() => attentionMaps(new Twice(), run)).toThrow("attentionMaps: inner ran twice, expected once.");
});
