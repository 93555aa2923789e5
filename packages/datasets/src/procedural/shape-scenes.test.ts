import { describe, expect, it } from "vitest";
import { outlines, type ShapeClass } from "./outlines.ts";
import { type ShapeScenesOptions, shapeScenes } from "./shape-scenes.ts";
import type { Scene } from "./scene.ts";

const all = Object.keys(outlines) as ShapeClass[];

function scenes(count: number, options: Partial<ShapeScenesOptions> = {}): Scene[] {
  const { train } = shapeScenes({ seed: 3, train: count, classes: all, turn: 0.8, visible: 0.6, ...options });
  return Array.from({ length: count }, (_, i) => train.get(i));
}

const some = scenes(40);

/** The pixels of object `i`. */
function pixelsOf({ masks }: Scene, i: number): { x: number; y: number }[] {
  const [, height, width] = masks.shape;
  const mask = masks.data.subarray(i * height * width, (i + 1) * height * width);
  return [...mask].flatMap((seen, at) => (seen ? [{ x: at % width, y: Math.floor(at / width) }] : []));
}

/** How often there is each color, with whether it is an object's. */
function colorsOf(image: Float32Array, semantic: Int32Array): Map<string, number> {
  const colors = new Map<string, number>();
  for (const [pixel, label] of semantic.entries()) {
    const key = `${image.subarray(3 * pixel, 3 * pixel + 3).join()},${label !== 0}`;
    colors.set(key, (colors.get(key) ?? 0) + 1);
  }
  return colors;
}

describe("a scene", () => {
  it("is a pure function of seed and number", () => {
    const { train, test } = shapeScenes({ seed: 3, train: 600, classes: all, turn: 0.8, visible: 0.6 });
    expect(train.get(7)).toEqual(some[7]);
    expect(train.get(7)).toEqual(some[7]);
    expect(test.get(7).image).not.toEqual(some[7]?.image);
    expect(shapeScenes({ seed: 4, classes: all }).train.get(7).image).not.toEqual(some[7]?.image);
    expect(train.get(7).image.data).not.toBe(train.get(7).image.data);
  });

  it("has an image and one box, label, mask and set of keypoints for each of one to three objects", () => {
    for (const { image, boxes, labels, masks, semantic, keypoints } of some) {
      const n = labels.data.length;
      expect(n).toBeGreaterThanOrEqual(1);
      expect(n).toBeLessThanOrEqual(3);
      expect([image, boxes, labels, masks, semantic, keypoints].map(({ shape }) => shape)).toEqual([
        [64, 64, 3],
        [n, 4],
        [n],
        [n, 64, 64],
        [64, 64],
        [n, 12, 3],
      ]);
      expect(image.data.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
    }
    expect(new Set(some.map(({ labels }) => labels.data.length))).toEqual(new Set([1, 2, 3]));
    expect(new Set(some.flatMap(({ labels }) => [...labels.data]))).toEqual(new Set(all.keys()));
  });

  it("has boxes around what the masks show", () => {
    for (const scene of some)
      for (const i of scene.labels.data.keys()) {
        const pixels = pixelsOf(scene, i);
        const [xs, ys] = [pixels.map(({ x }) => x), pixels.map(({ y }) => y)];
        expect([...scene.boxes.data.subarray(4 * i, 4 * i + 4)]).toEqual([
          Math.min(...xs),
          Math.min(...ys),
          Math.max(...xs) + 1,
          Math.max(...ys) + 1,
        ]);
      }
  });

  it("has masks that share no pixel, and together are the semantic mask", () => {
    for (const scene of some) {
      const semantic = new Int32Array(64 * 64);
      let twice = 0;
      for (const [i, label] of scene.labels.data.entries())
        for (const { x, y } of pixelsOf(scene, i)) {
          if (semantic[64 * y + x] !== 0) twice++;
          semantic[64 * y + x] = label + 1;
        }
      expect(twice).toBe(0);
      expect(scene.semantic.data).toEqual(semantic);
    }
  });

  it("has objects of one color, and another color at each pixel where no mask is", () => {
    const options = { background: "plain", noise: 0, objects: [1, 1] } as const;
    for (const { image, semantic } of scenes(8, options)) {
      const colors = colorsOf(image.data, semantic.data);
      expect(colors.size).toBe(2);
      const [background, object] = [...colors.keys()].map((key) => key.split(","));
      expect(background?.at(-1) === object?.at(-1)).toBe(false);
    }
    for (const { image, semantic } of scenes(3, { ...options, edges: "smooth" }))
      expect(colorsOf(image.data, semantic.data).size).toBeGreaterThan(10); // on the border, mixtures
  });

  it("has noise of the deviation that is asked for", () => {
    const options = { background: "plain", objects: [1, 1] } as const;
    const [clean] = scenes(1, { ...options, noise: 0 });
    const [noisy] = scenes(1, { ...options, noise: 0.05 });
    const differences = noisy?.image.data.map((pixel, i) => pixel - (clean?.image.data[i] as number));
    const kept = [...(differences ?? [])].filter((_, i) => {
      const pixel = clean?.image.data[i] as number;
      return pixel > 0.2 && pixel < 0.8; // nearer to the ends, noise is cut off
    });
    const mean = kept.reduce((sum, d) => sum + d, 0) / kept.length;
    const std = Math.sqrt(kept.reduce((sum, d) => sum + d * d, 0) / kept.length);
    expect(mean).toBeCloseTo(0, 2);
    expect(std).toBeCloseTo(0.05, 2);
  });

  it("has keypoints on the border: at a visible one begins, or ends, what the mask shows", () => {
    for (const scene of scenes(20, { objects: [1, 1] }))
      for (let k = 0; k < 12; k++) {
        const [x = Number.NaN, y = Number.NaN, seen] = scene.keypoints.data.subarray(3 * k, 3 * k + 3);
        expect(seen).toBe(2);
        const steps = [-2, -1, 0, 1, 2]; // a star's tips are thinner than a pixel
        const near = steps.flatMap((dy) =>
          steps.map((dx) => {
            const [column, row] = [Math.floor(x) + dx, Math.floor(y) + dy];
            const inside = column >= 0 && row >= 0 && column < 64 && row < 64;
            return inside ? scene.semantic.data[64 * row + column] !== 0 : false;
          }),
        );
        expect(new Set(near)).toEqual(new Set([true, false]));
      }
  });

  it("has keypoints that are equally far apart: those of squares take in the corners", () => {
    for (const { keypoints } of scenes(5, { objects: [1, 1], classes: ["square"] })) {
      const points = Array.from({ length: 12 }, (_, k) => keypoints.data.subarray(3 * k, 3 * k + 2));
      const steps = points.map(([x = 0, y = 0], k) => {
        const [nextX = 0, nextY = 0] = points[(k + 1) % 12] ?? [];
        return [nextX - x, nextY - y] as const;
      });
      const lengths = steps.map(([dx, dy]) => Math.hypot(dx, dy));
      for (const length of lengths) expect(length).toBeCloseTo(lengths[0] as number, 3);
      for (const [k, [dx, dy]] of steps.entries()) {
        const [lastX, lastY] = steps[(k + 11) % 12] as readonly [number, number];
        const isCorner = Math.abs(dx * lastX + dy * lastY) < 1e-2;
        expect(isCorner).toBe(k % 3 === 0);
      }
      expect(points[0]?.[1]).toBeLessThan(points[6]?.[1] as number);
    }
  });

  it("tells which keypoints another object hides", () => {
    let hidden = 0;
    for (const scene of some)
      for (const i of scene.labels.data.keys())
        for (let k = 12 * i; k < 12 * (i + 1); k++) {
          const [x = 0, y = 0, seen] = scene.keypoints.data.subarray(3 * k, 3 * k + 3);
          const at = 64 * Math.min(63, Math.floor(y)) + Math.min(63, Math.floor(x));
          const covering = [...scene.labels.data.keys()].filter(
            (j) => scene.masks.data[j * 64 * 64 + at] === 1,
          );
          if (seen === 1) {
            hidden++;
            expect(covering[0]).toBeGreaterThan(i); // it lies behind
          } else expect(covering.every((j) => j <= i)).toBe(true);
        }
    expect(hidden).toBeGreaterThan(10);
  });

  it("has no object before another where all is to be seen", () => {
    for (const scene of scenes(20, { visible: 1, objects: [2, 2], classes: ["circle"] }))
      for (const i of scene.labels.data.keys()) {
        const across = [0, 1].map((axis) => {
          const [from, to] = [0, 6].map((k) => scene.keypoints.data[36 * i + 3 * k + axis] as number); // opposite
          return (to as number) - (from as number);
        });
        const radius = Math.hypot(...across) / 2;
        expect(pixelsOf(scene, i).length / (Math.PI * radius ** 2)).toBeCloseTo(1, 1);
      }
  });

  it("may be empty, wide, or of many keypoints", () => {
    const { train } = shapeScenes({ seed: 1, size: [16, 100], objects: [0, 1], keypoints: 64 });
    const counts = Array.from({ length: 20 }, (_, i) => {
      const { image, boxes, keypoints } = train.get(i);
      expect(image.shape).toEqual([16, 100, 3]);
      expect(keypoints.shape).toEqual([boxes.shape[0], 64, 3]);
      return boxes.shape[0];
    });
    expect(new Set(counts)).toEqual(new Set([0, 1]));
    expect(train.shape).toEqual([16, 100, 3]);
  });
});

describe("shapeScenes", () => {
  it.each<[Partial<ShapeScenesOptions>, string]>([
    [{ seed: 0.5 }, "seed is 0.5, expected an integer of 0 or more."],
    [{ train: -1 }, "train is -1, expected an integer of 0 or more."],
    [{ size: 8 }, "the height is 8, expected an integer of 16 or more."],
    [{ size: [64, 65.5] }, "the width is 65.5, expected an integer of 16 or more."],
    [{ objects: [2, 1] }, "the most of objects is 1, expected an integer of 2 or more."],
    [{ keypoints: 0 }, "keypoints is 0, expected an integer of 1 or more."],
    [{ classes: [] }, "the number of classes is 0, expected an integer of 1 or more."],
    [{ noise: -1 }, "noise is -1, expected 0 or more."],
    [{ turn: -1 }, "turn is -1, expected a share from 0 to 1."],
    [{ visible: 2 }, "visible is 2, expected a share from 0 to 1."],
    [
      { classes: ["oval" as ShapeClass] },
      'there is no shape "oval", expected some of circle, square, triangle, pentagon, star, cross, ring.',
    ],
  ])("refuses %o", (options, message) => {
    expect(() => shapeScenes({ seed: 0, ...options })).toThrow(new RangeError(`shapeScenes: ${message}`));
  });

  it("has no image beyond its length", () => {
    expect(() => shapeScenes({ seed: 0, test: 2 }).test.get(2)).toThrow(
      "Dataset: item 2 does not exist, there are 2.",
    );
  });
});
