// Scenes: boxes, masks and points move along with the image, as torchvision moves them.
import { Rng, ShapeError } from "@pellucid/core-train";
import {
  affineScene,
  copyPaste,
  cropScene,
  flipScene,
  mixUpScenes,
  mosaic,
  padScene,
  randomSceneAffine,
  randomSceneCrop,
  randomSceneFlip,
  resizeScene,
  sanitizeScene,
  type Scene,
} from "@pellucid/detection";
import { shapeScenes } from "@pellucid/datasets";
import { fixture } from "@pellucid/testing";
import { describe, expect, test } from "vitest";

interface Stored {
  readonly image: { readonly shape: [number, number, number]; readonly data: number[] };
  readonly boxes: number[][];
  readonly masks: { readonly shape: [number, number, number]; readonly data: number[] };
  readonly keypoints: number[][][];
  readonly labels: number[];
}
interface Case {
  readonly name: string;
  readonly options: never;
  readonly seed?: number;
  readonly next?: number;
  readonly output: Stored;
}
const { input, cases } = fixture<{ input: Stored; cases: Case[] }>(
  import.meta.url,
  "../fixtures/torch/scenes.json",
);

function sceneOf({ image, boxes, masks, keypoints, labels }: Stored): Scene {
  return {
    image: { data: Float32Array.from(image.data), shape: image.shape },
    boxes: { data: Float32Array.from(boxes.flat()), shape: [labels.length, 4] },
    labels: { data: Int32Array.from(labels), shape: [labels.length] },
    masks: { data: Uint8Array.from(masks.data), shape: masks.shape },
    keypoints: {
      data: Float32Array.from(keypoints.flat().flatMap((point) => [...point, 2])),
      shape: [labels.length, 2, 3],
    },
  };
}

const calls: Readonly<Record<string, (options: never) => (scene: Scene, rng: Rng) => Scene>> = {
  flipScene: (options) => (scene) => flipScene(scene, options),
  cropScene: (options) => (scene) => cropScene(scene, options),
  padScene: (options) => (scene) => padScene(scene, options),
  resizeScene: (options) => (scene) => resizeScene(scene, options),
  affineScene: (options) => (scene) => affineScene(scene, options),
  randomSceneFlip: (options) => randomSceneFlip(options),
  randomSceneCrop: (options) => randomSceneCrop(options),
  randomSceneAffine: (options) => {
    const { degrees, ...rest } = options as { degrees: number };
    return randomSceneAffine(degrees, rest);
  },
};

const titled = cases.map((c) => [`${c.name} ${JSON.stringify(c.options)} ${c.seed ?? ""}`, c] as const);

test.each(titled)("%s is torchvision's", (_, { name, options, seed, next, output }) => {
  const scene = sceneOf(input);
  const before = structuredClone(scene);
  const rng = new Rng(seed ?? 0);
  const found = (calls[name] as (typeof calls)[string])(options)(scene, rng);
  const expected = sceneOf(output);
  const close = { rtol: 1e-5, atol: 1e-5 };
  expect(found.image.shape).toEqual(output.image.shape);
  expect(found.image.data).toBeAllclose(output.image.data, close);
  expect(found.boxes.data).toBeAllclose(output.boxes.flat(), close);
  expect([...found.labels.data]).toEqual(output.labels);
  expect(found.masks?.shape).toEqual(expected.masks?.shape);
  expect([...(found.masks?.data ?? [])]).toEqual(output.masks.data);
  const position = (_: number, i: number) => i % 3 !== 2;
  expect(found.keypoints?.data.filter(position)).toBeAllclose(output.keypoints.flat(2), {
    rtol: 1e-5,
    atol: 1e-4,
  });
  expect(scene).toEqual(before);
  if (next !== undefined) expect(rng.rand([1]).data[0]).toBeCloseTo(next, 6);
});

interface Golden {
  readonly kind: string;
  readonly case: string;
  readonly input: { canvas_hw: [number, number]; boxes_xyxy: number[][]; keypoints_xy: number[][] };
  readonly right: { boxes_xyxy: number[][]; keypoints: number[][] };
}
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/boxes.json");

test.each(golden.filter(({ kind }) => kind === "flip-boxes-and-points"))(
  "flipped: $case",
  ({ input, right }) => {
    const [height, width] = input.canvas_hw;
    const count = input.boxes_xyxy.length;
    const points = input.keypoints_xy.length / count;
    const { boxes, keypoints } = flipScene({
      image: { data: new Float32Array(height * width), shape: [height, width, 1] },
      boxes: { data: Float32Array.from(input.boxes_xyxy.flat()), shape: [count, 4] },
      labels: { data: new Int32Array(count), shape: [count] },
      keypoints: {
        data: Float32Array.from(input.keypoints_xy.flatMap((point) => [...point, 2])),
        shape: [count, points, 3],
      },
    });
    expect([...boxes.data]).toEqual(right.boxes_xyxy.flat());
    expect([...(keypoints?.data ?? [])]).toEqual(right.keypoints.flatMap((point) => [...point, 2]));
  },
);

const { train } = shapeScenes({ seed: 3, train: 8, size: 48 });
const scenes = Array.from({ length: 8 }, (_, i) => train.get(i));
const [first, second] = scenes as unknown as [Scene, Scene];

/** Each box is that around its mask; where objects are cut, it may be larger than what is left of the mask. */
function expectBoxesAroundMasks({ boxes, masks, image, labels }: Scene, isCut = false): void {
  const [height, width] = image.shape;
  for (let o = 0; o < labels.data.length; o++) {
    const own = [...(masks?.data.subarray(o * height * width, (o + 1) * height * width) ?? [])];
    const inside = own.flatMap((is, i) => (is === 1 ? [i] : []));
    const [xs, ys] = [inside.map((i) => i % width), inside.map((i) => Math.floor(i / width))];
    const around = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
    const box = boxes.data.subarray(4 * o, 4 * o + 4);
    if (!isCut) expect(box).toBeAllclose(around, { rtol: 0, atol: 1e-4 });
    for (const [side, edge] of around.entries())
      expect(side < 2 ? edge - (box[side] as number) : (box[side] as number) - edge).toBeGreaterThan(-1e-4);
  }
}

test("flipped twice it is the same scene, in both meanings of points", () => {
  for (const points of ["pixel", "edge"] as const)
    for (const direction of ["horizontal", "vertical"] as const) {
      const options = { points, direction };
      const twice = flipScene(flipScene(first, options), options);
      expect(twice.boxes.data).toBeAllclose(first.boxes.data);
      expect(twice.keypoints?.data).toBeAllclose(first.keypoints?.data ?? [], { rtol: 0, atol: 1e-4 });
      expect(twice.masks).toEqual(first.masks);
      expectBoxesAroundMasks(flipScene(first, options));
    }
});

describe("a mosaic", () => {
  test("has parts of four scenes, whose masks are within their boxes", () => {
    for (let seed = 0; seed < 4; seed++) {
      const four = scenes.slice(seed, seed + 4) as unknown as [Scene, Scene, Scene, Scene];
      const made = mosaic(four, [48, 48], new Rng(seed));
      expect(made.image.shape).toEqual([48, 48, 3]);
      expect(made.labels.data.length).toBeGreaterThan(0);
      expect(Math.min(...made.image.data)).toBeGreaterThanOrEqual(0);
      expectBoxesAroundMasks(made, true);
      expect(mosaic(four, [48, 48], new Rng(seed))).toEqual(made);
    }
  });
});

test("two scenes over each other have the objects of both", () => {
  const mixed = mixUpScenes(first, second, new Rng(0));
  expect(mixed.labels.data.length).toBe(first.labels.data.length + second.labels.data.length);
  const own =
    ((mixed.image.data[0] as number) - (second.image.data[0] as number)) /
    ((first.image.data[0] as number) - (second.image.data[0] as number));
  expect(own).toBeGreaterThan(0.1);
  expect(own).toBeLessThan(0.9);
  expect(mixed.image.data).toBeAllclose(
    first.image.data.map((x, i) => own * x + (1 - own) * (second.image.data[i] as number)),
    { rtol: 0, atol: 1e-5 },
  );
  expectBoxesAroundMasks(mixed);
});

test("pasted objects cover what is below them, whose masks and boxes shrink", () => {
  const all = copyPaste(first, second, new Rng(0), { p: 1 });
  expectBoxesAroundMasks(all);
  const pixels = 48 * 48;
  const sum = new Uint8Array(pixels);
  for (const [i, is] of (all.masks?.data ?? new Uint8Array()).entries())
    sum[i % pixels] = (sum[i % pixels] as number) + is;
  expect(Math.max(...sum)).toBe(1);
  const object = second.masks?.data.subarray(0, pixels) as Uint8Array;
  const at = object.indexOf(1);
  expect(all.image.data[3 * at]).toBe(second.image.data[3 * at]);
  const none = copyPaste(first, second, new Rng(0), { p: 0 });
  expect(none.image.data).toEqual(first.image.data);
  expect(none.boxes.data).toEqual(first.boxes.data);
  const onItself = copyPaste(first, first, new Rng(0), { p: 1 });
  expect(onItself.labels.data).toEqual(first.labels.data);
});

test("objects that are cut off are left out, with their masks and points", () => {
  const cropped = cropScene(first, { top: 0, left: 0, height: 4, width: 4 });
  const left = sanitizeScene(cropped);
  expect(left.labels.data.length).toBe(0);
  expect([left.boxes.shape, left.masks?.shape, left.keypoints?.shape]).toEqual([
    [0, 4],
    [0, 4, 4],
    [0, 12, 3],
  ]);
});

test("scenes whose parts do not fit, and options out of range, are errors", () => {
  expect(() => flipScene({ ...first, labels: { data: Int32Array.of(1, 2, 3, 4, 5), shape: [5] } })).toThrow(
    ShapeError,
  );
  expect(() => copyPaste({ ...first, masks: undefined }, second, new Rng(0))).toThrow("with masks");
  expect(() => randomSceneCrop([100, 100])(first, new Rng(0))).toThrow("expected at least [100, 100]");
  expect(() => randomSceneFlip({ p: 2 })).toThrow("a probability");
  expect(() => randomSceneAffine(10, { scale: [2, 1] })).toThrow("two rising numbers");
  expect(() => mixUpScenes(first, resizeScene(second, [20, 20]), new Rng(0))).toThrow("the same size");
});
