import { capture, type Layer, Rng } from "@pellucid/core-train";
import { receptiveField } from "@pellucid/interpret";
import { heatmap, overlay, picture as draw, readValues, type Values } from "@pellucid/interpret/draw";
import { slice, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  /** Which of the layers with positions, from the first. */
  readonly layer: number;
  /** Where the position is, as a share of the height and of the width. */
  readonly down: number;
  readonly across: number;
}

export const options: Options = { net: "shapes", picture: 3, target: 3, layer: 1, down: 0.5, across: 0.5 };

/** Which pixels can change one position of a layer, and how much they do; then all other pixels are changed, to see that nothing happens. */
export const program = ({ layer: asked, down, across, ...about }: Options, _run: Run = {}) =>
  withPicture(about, async ({ net, subject, image, x }) => {
    const layers = Object.entries(subject.layers);
    const [path, layer] = layers[Math.min(asked, layers.length - 1)] as (typeof layers)[number];
    const run = (at: Tensor4D) => net.forward(at);
    const [rows, columns] = sizeOf(layer, () => run(x));
    const at = (share: number, count: number) => Math.min(count - 1, Math.floor(share * count));
    const position = [at(down, rows), at(across, columns)] as const;
    const field = await receptiveField(run, layer, subject.shape, { rng: new Rng(0), samples: 4, position });
    const influence = await readValues(field.influence);
    field.influence.dispose();
    const isInside = (row: number, column: number) =>
      row >= field.top &&
      row < field.top + field.height &&
      column >= field.left &&
      column < field.left + field.width;
    const changed = async (wanted: boolean) => {
      const other = inverted(image, (row, column) => isInside(row, column) === wanted);
      const [before, after] = [await read(layer, run, x, position), await read(layer, run, other, position)];
      other.dispose();
      return Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? NaN))));
    };
    const [inside, outside] = [await changed(true), await changed(false)];
    const title = `${path}, row ${position[0] + 1} of ${rows}, column ${position[1] + 1} of ${columns}`;
    const pictures = [
      draw(image, { title: "Input", width: 224 }),
      overlay(image, influence, { title: `What ${title} sees`, width: 224, opacity: 0.9 }),
      heatmap(influence, { title: "Influence of each pixel", width: 224 }),
    ];
    return { pictures, path, field, inside, outside, core: shareOfHalf(influence) };
  });

/** The rows and columns of a layer's output. */
function sizeOf(layer: Layer<never, Tensor4D>, run: () => unknown): readonly [number, number] {
  return tidy((): [number, number] => {
    const [, rows, columns] = capture(layer, run).shape;
    return [rows, columns];
  });
}

/** The numbers of a position of a layer. */
function read(
  layer: Layer<never, Tensor4D>,
  run: (x: Tensor4D) => unknown,
  x: Tensor4D,
  [row, column]: readonly [number, number],
): Promise<Float32Array> {
  return take(
    tidy(() =>
      slice(
        capture(layer, () => run(x)),
        [0, row, column, 0],
        [1, 1, 1, -1],
      ),
    ),
  );
}

/** The picture with some of its pixels turned from dark to bright and back. */
function inverted({ data, shape }: Values, does: (row: number, column: number) => boolean): Tensor4D {
  const [height = 0, width = 0, colors = 1] = shape;
  const values = Float32Array.from(data, (value, i) => {
    const pixel = Math.floor(i / colors);
    return does(Math.floor(pixel / width), pixel % width) ? 1 - value : value;
  });
  return tensor4d(values, [1, height, width, colors]);
}

/** The share of all pixels that has half of the influence. */
function shareOfHalf({ data }: Values): number {
  const sorted = Array.from(data).sort((a, b) => b - a);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let [sum, count] = [0, 0];
  while (sum < total / 2) sum += sorted[count++] ?? NaN;
  return count / sorted.length;
}
