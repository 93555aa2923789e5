import {
  add,
  cast,
  div,
  expandDims,
  floor,
  gather,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  maximum,
  minimum,
  mul,
  range,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { lastChannels, OnnxValue } from "../onnx-value.ts";

/** The numbers of a value, which are read if the backend has them. */
const readOf = (value: OnnxValue): ArrayLike<number> => value.numbers?.data ?? value.tensor.dataSync();

/** Of each region and bin along one axis: the positions that samples lie between, and how much they count. */
interface Taps {
  /** `[region, bin]` */
  readonly index: Tensor;
  readonly weight: Tensor;
}

interface Sampling {
  readonly bins: number;
  /** Samples of a bin; 0 takes as many as it has pixels. */
  readonly ratio: number;
  readonly scale: number;
  readonly isHalf: boolean;
}

/** The samples of all regions along one axis, from `from` to `to`, `[region, 1]` each. Beyond a pixel outside they are 0. */
function tapsOf(from: Tensor, to: Tensor, length: number, { bins, ratio, scale, isHalf }: Sampling): Taps[] {
  const start = isHalf ? sub(mul(from, scale), 0.5) : mul(from, scale);
  const end = isHalf ? sub(mul(to, scale), 0.5) : mul(to, scale);
  const extent = isHalf ? sub(end, start) : maximum(sub(end, start), 1);
  const each = div(extent, bins);
  const counts = ratio > 0 ? [ratio] : Array.from(each.dataSync(), (size) => Math.max(0, Math.ceil(size)));
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const count = ratio > 0 ? reshape([ratio], [1, 1]) : reshape(counts, [-1, 1]); // [region, 1]
  const bin = expandDims(range(0, bins), 0); // [1, bin]
  return Array.from({ length: most }, (_, sample) => {
    const offset = div(mul(sample + 0.5, each), maximum(count, 1));
    const at = add(add(start, mul(bin, each)), offset); // [region, bin]
    const isInside = logicalAnd(logicalAnd(greaterEqual(at, -1), lessEqual(at, length)), less(sample, count));
    const share = div(cast(isInside, "float32"), maximum(count, 1));
    const within = minimum(maximum(at, 0), length - 1);
    const low = floor(within);
    const high = minimum(add(low, 1), length - 1);
    const fraction = sub(within, low);
    return [
      { index: cast(low, "int32"), weight: mul(share, sub(1, fraction)) },
      { index: cast(high, "int32"), weight: mul(share, fraction) },
    ];
  }).flat();
}

/** The mean of bilinear samples of each bin of each region. From opset 16 on regions are moved by half a pixel unless it says otherwise. */
const roiAlign: OnnxOp = (call) => {
  const [images, boxes, examples] = [call.input(0), call.input(1), call.input(2)];
  call.refuse(
    images.rank === 4 && boxes.rank === 2 && boxes.shape[1] === 4,
    "it takes images and [region, 4]",
  );
  call.refuse(call.text("mode", "avg", ["avg", "max"]) === "avg", "its mode is max");
  const usual = call.around.opset < 16 ? "output_half_pixel" : "half_pixel";
  const moved = call.text("coordinate_transformation_mode", usual, ["half_pixel", "output_half_pixel"]);
  const [rows, columns] = [call.number("output_height", 1), call.number("output_width", 1)];
  const x = images.channelsLast;
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const regions = boxes.shape[0] as number;
  const shape = call.checkSize([regions, rows, columns, channels]) as [number, number, number, number];
  const isThere = Array.from(readOf(examples)).every((i) => i >= 0 && i < batch);
  call.refuse(
    isThere && examples.shape.join() === `${regions}`,
    `its batch_indices are not ${regions} from 0 to ${batch - 1}`,
  );
  if (shape.includes(0)) return OnnxValue.of(zeros(shape), lastChannels(4));
  const side = (i: number): Tensor => slice(boxes.tensor as Tensor2D, [0, i], [regions, 1]);
  const options = {
    ratio: call.number("sampling_ratio", 0),
    scale: call.number("spatial_scale", 1),
    isHalf: moved === "half_pixel",
  };
  const down = tapsOf(side(1), side(3), height, { ...options, bins: rows });
  const across = tapsOf(side(0), side(2), width, { ...options, bins: columns });
  const flat = reshape(x, [-1, channels]); // [batch × height × width, channel]
  const first = reshape(mul(cast(examples.tensor, "int32"), height), [-1, 1]); // [region, 1]
  const pairs = down.flatMap((y) => across.map((z) => ({ y, z })));
  const pooled = pairs.reduce<Tensor>(
    (sum, { y, z }) =>
      tidy(() => {
        const row = expandDims(mul(add(first, y.index), width), 2); // [region, row, 1]
        const found = gather(flat, cast(add(row, expandDims(z.index, 1)), "int32")); // [region, row, column, channel]
        const weight = mul(expandDims(y.weight, 2), expandDims(z.weight, 1)); // [region, row, column]
        return add(sum, mul(found, expandDims(weight, 3)));
      }),
    zeros(shape),
  );
  return OnnxValue.of(pooled, lastChannels(4));
};

/** Corners of a box, the smaller ones first. */
type Corners = readonly [y1: number, x1: number, y2: number, x2: number];

function cornersOf(numbers: ArrayLike<number>, at: number, isCentered: boolean): Corners {
  const [a = 0, b = 0, c = 0, d = 0] = Array.from({ length: 4 }, (_, i) => numbers[at + i] as number);
  if (isCentered) return [b - d / 2, a - c / 2, b + d / 2, a + c / 2]; // center x, center y, width, height
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

function overlap(a: Corners, b: Corners): number {
  const area = ([y1, x1, y2, x2]: Corners): number => (y2 - y1) * (x2 - x1);
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (height <= 0 || width <= 0 || area(a) <= 0 || area(b) <= 0) return 0;
  return (height * width) / (area(a) + area(b) - height * width);
}

/** One number of an optional input. */
const limit = (call: Call, index: number, otherwise: number): number =>
  call.optional(index) === null ? otherwise : (call.numbers(index).data[0] ?? otherwise);

/** The boxes of each class that no better one of it overlaps by more than a threshold: example, class and box, `[kept, 3]`. It reads boxes and scores. */
const suppressed: OnnxOp = (call) => {
  const [boxes, scores] = [call.input(0), call.input(1)];
  const [batch = 0, count = 0, four] = boxes.shape;
  const [same, classes = 0, each] = scores.shape;
  const fits = boxes.rank === 3 && scores.rank === 3 && four === 4 && same === batch && each === count;
  call.refuse(
    fits,
    `it takes [batch, box, 4] and [batch, class, box], not [${boxes.shape.join(", ")}] and [${scores.shape.join(", ")}]`,
  );
  const [most, overlapping] = [limit(call, 2, 0), limit(call, 3, 0)];
  const least = limit(call, 4, -Infinity);
  const isCentered = call.number("center_point_box", 0) === 1;
  const [corners, confidence] = [readOf(boxes), readOf(scores)];
  const found: number[] = [];
  for (let example = 0; example < batch; example++) {
    const all = Array.from({ length: count }, (_, i) =>
      cornersOf(corners, (example * count + i) * 4, isCentered),
    );
    for (let label = 0; label < classes; label++) {
      const scoreOf = (i: number): number => confidence[(example * classes + label) * count + i] as number;
      const ordered = all
        .map((_, i) => i)
        .filter((i) => scoreOf(i) > least)
        .toSorted((a, b) => scoreOf(b) - scoreOf(a));
      const kept: number[] = [];
      for (const i of ordered) {
        if (kept.length >= most) break;
        const isCovered = kept.some((j) => overlap(all[i] as Corners, all[j] as Corners) > overlapping);
        if (!isCovered) kept.push(i);
      }
      found.push(...kept.flatMap((i) => [example, label, i]));
    }
  }
  return OnnxValue.host("int64", [found.length / 3, 3], found);
};

/** The ops of detectors. */
export const detectionOps: OnnxOps = { NonMaxSuppression: suppressed, RoiAlign: roiAlign };
