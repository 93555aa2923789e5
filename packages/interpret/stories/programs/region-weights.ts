import { avgPool2d, gradient } from "@pellucid/core-train";
import { roiAlign, roiPool } from "@pellucid/detection";
import { colorScale, heatmap, picture, type Values } from "@pellucid/interpret/draw";
import { mean, slice, sum, type Tensor, tensor4d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { outlined } from "../outlined.ts";
import { detectorScenes } from "../nets/shapes-detector.ts";

export interface Options {
  readonly scene: number;
  /** The bin of 3 × 3. */
  readonly row: number;
  readonly column: number;
  /** Samples of a bin along each axis. */
  readonly samples: number;
}

export const options: Options = { scene: 1, row: 0, column: 1, samples: 2 };

const [stride, bins] = [4, 3];

/** How much each cell of a feature map counts in one bin of a region, by RoIAlign and by RoIPool; then the region is moved by a cell, in twenty steps. */
export async function program({ scene, row, column, samples }: Options) {
  const { image, boxes } = detectorScenes().test.get(scene);
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data;
  const pixels: Tensor4D = tensor4d(image.data, [1, ...image.shape]);
  const map: Tensor4D = tidy(() => avgPool2d(mean<Tensor4D>(pixels, 3, true), stride)); // [1, 8, 8, 1]
  pixels.dispose();
  const regionAt = (right: number) => {
    const corners = [0, x1 + right * stride, y1, x2 + right * stride, y2];
    return { data: Float32Array.from(corners), shape: [1, 5] };
  };
  const aligned = { spatialScale: 1 / stride, samplingRatio: samples, aligned: true };
  const align = (x: Tensor4D, right = 0) => roiAlign(x, regionAt(right), bins, aligned);
  const pool = (x: Tensor4D, right = 0) => roiPool(x, regionAt(right), bins, { spatialScale: 1 / stride });
  const bin = (y: Tensor4D): Tensor => sum(slice(y, [0, row, column, 0], [1, 1, 1, 1]));
  const weightsOf = (of: (x: Tensor4D) => Tensor) => take(gradient(of)(map));
  const one = await weightsOf((x) => bin(align(x)));
  const all = await weightsOf((x) => sum(align(x)));
  const largest = await weightsOf((x) => bin(pool(x)));
  const cells = await map.data();
  const byHand = one.reduce((total, weight, i) => total + weight * (cells[i] ?? NaN), 0);
  const [given = NaN] = await take(tidy(() => bin(align(map))));
  const steps = Array.from({ length: 21 }, (_, i) => i / 20);
  const whileMoved = (of: (right: number) => Tensor4D) =>
    Promise.all(steps.map(async (right) => (await take(tidy(() => bin(of(right)))))[0] ?? NaN));
  const distinct = (values: readonly number[]) => new Set(values.map((value) => value.toFixed(6))).size;
  const alignSteps = distinct(await whileMoved((right) => align(map, right)));
  const poolSteps = distinct(await whileMoved((right) => pool(map, right)));
  map.dispose();
  const grid = (data: Float32Array): Values => ({
    data,
    shape: [image.shape[0] / stride, image.shape[1] / stride],
  });
  const scale = colorScale(one);
  const [across, down] = [(x2 - x1) / bins, (y2 - y1) / bins];
  const [left, top] = [x1 + column * across, y1 + row * down];
  const own = [left, top, left + across, top + down] as const;
  const pictures = [
    picture(outlined(image, [[x1, y1, x2, y2], own], 7), {
      title: "Input, the region and its bin",
      width: 224,
    }),
    heatmap(grid(Float32Array.from(cells)), { title: "Feature map", width: 224 }),
    heatmap(grid(one), { title: "Weights of the bin by RoIAlign", width: 224, scale }),
    heatmap(grid(largest), { title: "Weights of the bin by RoIPool", width: 224 }),
    heatmap(grid(all), { title: "Weights of all bins by RoIAlign", width: 224 }),
  ];
  const total = one.reduce((so, weight) => so + weight, 0);
  return { pictures, given, byHand, total, cells: one.filter((w) => w !== 0).length, alignSteps, poolSteps };
}
