// Tiles give the logits of the whole picture where the overlap covers the receptive field, for any size, and leak nothing.
import { useBackend } from "@pellucid/backends";
import { Conv2d, Identity, OptionError, Rng, Sequential, ShapeError } from "@pellucid/core-train";
import { predictTiled, UNet } from "@pellucid/segmentation";
import { sines } from "@pellucid/testing";
import { memory, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const picture = (height: number, width: number, channels = 2) =>
  sines([1, height, width, channels]) as Tensor4D;

/** Two 3×3 convolutions: a receptive radius of 2. */
const local = () => {
  const rng = new Rng(0);
  return new Sequential(new Conv2d(2, 3, 3, { rng, padding: 1 }), new Conv2d(3, 2, 3, { rng, padding: 1 }));
};

describe.each([
  [40, 29],
  [16, 16],
  [17, 48],
  [9, 5],
])("of a %i×%i picture", (height, width) => {
  test("cropped tiles equal the whole picture", async () => {
    const model = local();
    const x = picture(height, width);
    const whole = model.forward(x);
    const tiled = await predictTiled(model, x, { size: 16, overlap: 8, blend: "crop", multiple: 1 });
    expect(tiled.shape).toEqual(whole.shape);
    // zeros that fill up the last tiles stand for the convolution's own padding, but between the two convolutions
    const inner = (y: Tensor4D) =>
      y
        .arraySync()[0]
        ?.slice(0, height - 2)
        .map((row) => row.slice(0, width - 2));
    expect((inner(tiled) ?? []).flat(2)).toBeAllclose((inner(whole) ?? []).flat(2));
  });

  test("averages of tiles that each see enough are the identity of a pointwise model", async () => {
    const x = picture(height, width);
    const same = await predictTiled(new Identity() as never, x, { size: 16, overlap: 4, multiple: 4 });
    expect(same).toBeAllclose(x);
  });
});

test("a U-Net's tiles begin at multiples of its strides, and its record of outputs is taken too", async () => {
  const unet = new UNet(2, 3, { rng: new Rng(0), channels: 2, depth: 2 });
  const x = picture(20, 36);
  const progress: string[] = [];
  const seen: number[][] = [];
  const model = {
    forward: (tile: Tensor4D) => {
      seen.push([...tile.shape]);
      return { out: unet.forward(tile) };
    },
  };
  const tiled = await predictTiled(model, x, {
    size: 16,
    overlap: 6,
    multiple: 4,
    onProgress: (done, all) => progress.push(`${done}/${all}`),
  });
  expect(tiled.shape).toEqual([1, 20, 36, 3]);
  expect(progress).toEqual(["1/8", "2/8", "3/8", "4/8", "5/8", "6/8", "7/8", "8/8"]);
  expect(new Set(seen.map(String))).toEqual(new Set(["1,16,16,2"]));
});

test("what does not fit is refused, and nothing leaks, also when it is stopped", async () => {
  const model = local();
  const x = picture(20, 20);
  const before = memory().numTensors;
  const run = (options: object, image = x) => predictTiled(model, image, options);
  await expect(run({ size: 20, multiple: 16 })).rejects.toThrow(OptionError);
  await expect(run({ size: 16, overlap: 12 })).rejects.toThrow(
    "predictTiled: overlap is 12, expected at most half of the size, 8.",
  );
  await expect(run({ blend: "mean" })).rejects.toThrow(OptionError);
  const two = sines([2, 8, 8, 2]) as Tensor4D;
  await expect(run({}, two)).rejects.toThrow(ShapeError);
  two.dispose();
  const controller = new AbortController();
  const stopped = run({
    size: 16,
    overlap: 0,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  await expect(stopped).rejects.toThrow("enough");
  const halved = { forward: (tile: Tensor4D) => slice(tile, [0, 0, 0, 0], [1, 8, 8, 2]) };
  await expect(predictTiled(halved, x, { size: 16, overlap: 0 })).rejects.toThrow(
    "predictTiled: the model's output is [1, 8, 8, 2], expected [1, 16, 16, class].",
  );
  expect(memory().numTensors).toBe(before);
  (await run({ size: 16, overlap: 0 })).dispose();
  expect(memory().numTensors).toBe(before);
});
