import type { Rng } from "@pellucid/core-train";
import { shapeScenes } from "@pellucid/datasets";

export const classes = ["circle", "square", "triangle"] as const;

/** Pixels on each side of a picture. */
export const size = 16;

/** Pixels on each side of the scene that a picture is a window of: shapes are then 6 to 16 pixels wide, enough for corners. */
const sceneSize = 28;

/** Pictures `[count, size, size, 3]`, from 0 to 1, and their labels: windows of scenes in which the whole shape is seen. */
export function nearShapes(count: number, { seed, rng }: { readonly seed: number; readonly rng: Rng }) {
  const look = { background: "plain", edges: "smooth", noise: 0, objects: [1, 1] } as const;
  const { train: scenes } = shapeScenes({ seed, train: count, test: 0, size: sceneSize, classes, ...look });
  const images = new Float32Array(count * size * size * 3);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const { image, boxes, labels: label } = scenes.get(i);
    const [x1 = NaN, y1 = NaN, x2 = NaN, y2 = NaN] = boxes.data;
    const [left, top] = [startOf(x1, x2, rng), startOf(y1, y2, rng)];
    for (let y = 0; y < size; y++) {
      const from = ((top + y) * sceneSize + left) * 3;
      images.set(image.data.subarray(from, from + 3 * size), (i * size + y) * size * 3);
    }
    labels[i] = label.data[0] ?? NaN;
  }
  return { images, labels };
}

/** Where a window begins that holds the pixels from `first` up to `end`, up to 2 pixels off its middle. */
function startOf(first: number, end: number, rng: Rng): number {
  const middle = Math.round((first + end - size) / 2) - 2 + (rng.randint(0, 5, [1]).data[0] ?? NaN);
  const [least, most] = [Math.max(0, end - size), Math.min(first, sceneSize - size)];
  return Math.min(Math.max(middle, least), most);
}
