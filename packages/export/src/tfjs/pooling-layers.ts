import {
  amax,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  interpolate,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  pad,
} from "@pellucid/core-train";
import {
  div,
  mean,
  onesLike,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";
import { pair, windowOf } from "./convolution-layers.ts";
import { type LayerSource, type MadeLayer, single } from "./made-layer.ts";
import { padFor, type Window, windowPadding } from "./same-padding.ts";

/** Pools, padding, cropping and resizing. */
export const poolingLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  AveragePooling1D: (source) => average(source, 1),
  AveragePooling2D: (source) => average(source, 2),
  AveragePooling3D: (source) => average(source, 3),
  Cropping2D: (source) => sides(source, "cropping", -1),
  GlobalAveragePooling1D: () => single(null, (x) => mean(x, 1)),
  GlobalAveragePooling2D: ({ config }) => {
    config.only("data_format", "channels_last");
    return single(null, (x) => mean(x, [1, 2]));
  },
  GlobalMaxPooling1D: () => single(null, (x) => amax(x, [1])),
  GlobalMaxPooling2D: ({ config }) => {
    config.only("data_format", "channels_last");
    return single(null, (x) => amax(x, [1, 2]));
  },
  MaxPooling1D: (source) => maximum(source, 1),
  MaxPooling2D: (source) => maximum(source, 2),
  MaxPooling3D: (source) => maximum(source, 3),
  UpSampling2D({ config }) {
    config.only("data_format", "channels_last");
    const scaleFactor = pair(config.integers("size", 2, 1, [2, 2]));
    const mode = config.choice("interpolation", ["nearest", "bilinear"], "nearest");
    return single(null, (x) => interpolate(x as Tensor4D, { scaleFactor, mode }));
  },
  ZeroPadding2D: (source) => sides(source, "padding", 1),
};

type Pool = (x: Tensor, window: Window) => Tensor;

const maxPool: Pool = (x, { kernel, strides }) => {
  if (kernel.length === 1) return maxPool1d(x as Tensor3D, kernel[0] ?? NaN, { stride: strides[0] ?? NaN });
  if (kernel.length === 2) return maxPool2d(x as Tensor4D, pair(kernel), { stride: pair(strides) });
  return maxPool3d(x as Tensor5D, kernel as [number, number, number], {
    stride: strides as [number, number, number],
  });
};

const avgPool: Pool = (x, { kernel, strides }) => {
  if (kernel.length === 1) return avgPool1d(x as Tensor3D, kernel[0] ?? NaN, { stride: strides[0] ?? NaN });
  if (kernel.length === 2) return avgPool2d(x as Tensor4D, pair(kernel), { stride: pair(strides) });
  return avgPool3d(x as Tensor5D, kernel as [number, number, number], {
    stride: strides as [number, number, number],
  });
};

function poolWindow({ config }: LayerSource, axes: number): Window {
  const kernel = config.integers("pool_size", axes, 1, new Array<number>(axes).fill(2));
  return windowOf(config, axes, "pool_size", kernel);
}

function maximum(source: LayerSource, axes: number): MadeLayer {
  const window = poolWindow(source, axes);
  return single(null, (x) => tidy(() => maxPool(padFor(x, window, -Infinity), window)));
}

/** The padding does not count: the mean of a window is over what it has of the input. */
function average(source: LayerSource, axes: number): MadeLayer {
  const window = poolWindow(source, axes);
  const isPadded = (x: Tensor) =>
    windowPadding(x.shape.slice(1, -1), window).some((ends) => Math.max(...ends) > 0);
  return single(null, (x) =>
    tidy(() => {
      if (!isPadded(x)) return avgPool(x, window);
      const counted = avgPool(padFor(onesLike(x), window, 0), window);
      return div(avgPool(padFor(x, window, 0), window), counted);
    }),
  );
}

/** `[[top, bottom], [left, right]]`, or one number for both ends of an axis or for all. */
function sides({ config }: LayerSource, field: string, sign: 1 | -1): MadeLayer {
  config.only("data_format", "channels_last");
  const given = config.fields[field] ?? 1;
  const ends = Array.isArray(given) ? given : [given, given];
  const [rows, columns] = ends.map((end: unknown) => (Array.isArray(end) ? end : [end, end])) as unknown[][];
  const numbers = [...(rows ?? []), ...(columns ?? [])];
  if (
    ends.length !== 2 ||
    numbers.length !== 4 ||
    !numbers.every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
  )
    throw config.error(`${field} is ${JSON.stringify(given)}, expected [[top, bottom], [left, right]].`);
  const [top, bottom, left, right] = numbers.map((n) => sign * (n as number)) as [
    number,
    number,
    number,
    number,
  ];
  return single(null, (x) =>
    pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
  );
}
