import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostTensor } from "@pellucid/core-train";
import { readVoc } from "@pellucid/detection";
import jpeg from "jpeg-js";

/** What is in the pictures; class 0 is the background. */
export const classes = ["background", "RBC", "WBC", "Platelets"] as const;

/** A picture of a microscope, and its cells. */
export interface Slide {
  /** `[height, width, 3]` from 0 to 1. */
  readonly picture: HostTensor<Float32Array>;
  readonly boxes: readonly (readonly [number, number, number, number])[];
  readonly labels: readonly number[];
}

/**
 * The slides of one list of BCCD, at a quarter of their size.
 *
 * @param folder has `JPEGImages`, `Annotations` and `ImageSets/Main`
 * @param list `trainval` or `test`
 */
export async function bloodCells(folder: string, list: string): Promise<Slide[]> {
  const names = (await readFile(join(folder, "ImageSets/Main", `${list}.txt`), "utf8"))
    .split(/\s+/)
    .filter(Boolean);
  const slides: Slide[] = [];
  for (const name of names) {
    const { objects } = readVoc(await readFile(join(folder, "Annotations", `${name}.xml`)));
    const { data, width } = jpeg.decode(await readFile(join(folder, "JPEGImages", `${name}.jpg`)), {
      useTArray: true,
      formatAsRGBA: false,
    });
    const wide = objects.filter(({ box: [x1, y1, x2, y2] }) => x2 > x1 && y2 > y1); // a few have no size
    slides.push({
      picture: quarter(data, width, data.length / 3 / width),
      boxes: wide.map(({ box: [x1, y1, x2, y2] }) => [x1 / 4, y1 / 4, x2 / 4, y2 / 4]),
      labels: wide.map(({ name: cell }) => classes.indexOf(cell as (typeof classes)[number])),
    });
  }
  return slides;
}

/** The means of 4 × 4 pixels. */
function quarter(data: Uint8Array, width: number, height: number): HostTensor<Float32Array> {
  const [rows, columns] = [Math.floor(height / 4), Math.floor(width / 4)];
  const means = new Float32Array(rows * columns * 3);
  for (let i = 0; i < means.length; i++) {
    const [color, column, row] = [i % 3, Math.floor(i / 3) % columns, Math.floor(i / 3 / columns)];
    let sum = 0;
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 4; x++) sum += data[((4 * row + y) * width + 4 * column + x) * 3 + color] ?? NaN;
    means[i] = sum / 16 / 255;
  }
  return { data: means, shape: [rows, columns, 3] };
}
