import type { DetectionTarget } from "@pellucid/detection";
import { hashed } from "@pellucid/testing";
import { type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";

export const sizes = [
  [60, 80],
  [70, 50],
] as const;

export const objectBoxes = [
  [
    [5, 8, 30, 40],
    [40, 10, 70, 30],
    [33, 35, 50, 55],
  ],
  [[10, 12, 40, 60]],
] as const;

const labels = [[1, 2, 1], [2]];

/** The fixture's pictures. */
export function pictures(): Tensor3D[] {
  return sizes.map(([height, width], i) => {
    const values = Float32Array.from(hashed(3 * height * width, 50 + i), (x) => Math.fround(x) + 0.5);
    return tensor3d(values, [height, width, 3]);
  });
}

/** The fixture's targets: an ellipse in each box, and three points, of which the second is hidden. */
export function targets(): DetectionTarget[] {
  return sizes.map(([height, width], i) => {
    const own = objectBoxes[i] as readonly (readonly [number, number, number, number])[];
    const masks = own.flatMap(([a, b, c, d]) =>
      Array.from({ length: height * width }, (_, at) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        const across = (x - (a + c) / 2) ** 2 / ((c - a) / 2) ** 2;
        return across + (y - (b + d) / 2) ** 2 / ((d - b) / 2) ** 2 <= 1 ? 1 : 0;
      }),
    );
    const points = own.flatMap(([a, b, c, d]) =>
      [0, 1, 2].flatMap((k) => [a + ((c - a) * (k + 1)) / 4, b + ((d - b) * (k + 1)) / 5, k === 1 ? 0 : 1]),
    );
    return {
      boxes: own,
      labels: labels[i] as number[],
      masks: { data: Uint8Array.from(masks), shape: [own.length, height, width] },
      keypoints: { data: Float32Array.from(points), shape: [own.length, 3, 3] },
    };
  });
}
