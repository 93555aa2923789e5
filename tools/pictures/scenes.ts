import { digits, shapeScenes } from "@pellucid/datasets";
import { suppress } from "@pellucid/detection";
import { signedDistances } from "@pellucid/segmentation";
import { Rng } from "@pellucid/core-train";
import { drawing, pixels, text } from "./svg.ts";

const { train } = shapeScenes({ seed: 2, objects: [2, 3] });
const scene = train.get(3);
const [height, width] = scene.image.shape;
const size = Math.floor(288 / height);
const side = size * height;
const color = (row: number, column: number): readonly number[] => {
  const from = 3 * (row * width + column);
  return [...scene.image.data.subarray(from, from + 3)];
};
const frame = (left: number, box: ArrayLike<number>, more: string): string =>
  `<rect x="${left + size * (box[0] ?? 0)}" y="${16 + size * (box[1] ?? 0)}" width="${size * ((box[2] ?? 0) - (box[0] ?? 0))}" height="${size * ((box[3] ?? 0) - (box[1] ?? 0))}" fill="none" ${more}/>`;

/** Candidates around the objects of a scene, and those that non-maximum suppression keeps. */
export function detection(): string {
  const rng = new Rng(0);
  const boxes = Array.from({ length: 8 * (scene.boxes.shape[0] ?? 0) }, (_, i) => {
    const box = [...scene.boxes.data.subarray(4 * (i >> 3), 4 * (i >> 3) + 4)];
    const shift = rng.randn([4]).data;
    return i % 8 === 0 ? box : box.map((edge, k) => edge + 3 * (shift[k] ?? 0));
  });
  const scores = boxes.map((_, i) => (i % 8 === 0 ? 0.95 : 0.5));
  const kept = suppress({ boxes: boxes.flat(), scores }, 0.3);
  const picture = (left: number) => pixels([left, 16], [height, width], size, color);
  return drawing(
    side + 50,
    picture(16),
    ...boxes.map((box) => frame(16, box, 'stroke="#d55e00"')),
    text(16, side + 38, `${boxes.length} candidates`),
    picture(336),
    ...[...kept].map((i) => frame(336, boxes[i] ?? [], 'stroke="#d55e00" stroke-width="3"')),
    text(336, side + 38, `${kept.length} after nms at 0.3`),
  );
}

const classColors = [
  [1, 1, 1],
  [0, 0.45, 0.7],
  [0.9, 0.62, 0],
  [0, 0.62, 0.45],
] as const;

/** A scene, the class of each pixel, and how far each is from an edge. */
export function segmentation(): string {
  const small = Math.floor(196 / height);
  const { data } = signedDistances({ data: scene.semantic.data, shape: [1, height, width] }, 4);
  const nearest = (row: number, column: number): number =>
    Math.min(1, Math.abs(data[4 * (row * width + column)] ?? 0) / 12);
  const label = (row: number, column: number) => scene.semantic.data[row * width + column] ?? 0;
  return drawing(
    small * height + 50,
    pixels([16, 16], [height, width], small, color),
    text(16, small * height + 38, "a scene"),
    pixels([224, 16], [height, width], small, (row, column) => classColors[label(row, column)] ?? [1]),
    text(224, small * height + 38, "the class of each pixel"),
    pixels([432, 16], [height, width], small, (row, column) => [nearest(row, column)]),
    text(432, small * height + 38, "the distance to an edge"),
  );
}

/** Digits and scenes. */
export async function datasets(): Promise<string> {
  const { images } = (await digits()).train;
  const digit = (i: number) =>
    pixels([16 + 76 * (i % 8), 16 + 76 * (i >> 3)], [8, 8], 8, (row, column) => [
      1 - (images.data[64 * i + 8 * row + column] ?? 0) / 16,
    ]);
  const small = Math.max(1, Math.floor(148 / height));
  const scenes = [0, 1, 2, 3].map((i) => {
    const { data } = train.get(i).image;
    return pixels([16 + 153 * i, 176], [height, width], small, (row, column) => {
      const from = 3 * (row * width + column);
      return [...data.subarray(from, from + 3)];
    });
  });
  return drawing(192 + small * height, ...Array.from({ length: 16 }, (_, i) => digit(i)), ...scenes);
}
