import {
  CrossMapLRN2d,
  FractionalMaxPool2d,
  FractionalMaxPool3d,
  LPPool3d,
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
  UpsamplingBilinear2d,
  UpsamplingNearest2d,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerRow } from "./layer-row.ts";

const pooled = ([values, indices]: readonly Tensor[]) => ({ values, indices });

export const unpooling: readonly LayerRow[] = [
  {
    title: "MaxUnpool1d(2)",
    make: () => new MaxUnpool1d(2),
    inputOf: pooled,
    refuses: [[2, 3], "maxUnpool1d: values is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "MaxUnpool2d(3)",
    make: () => new MaxUnpool2d(3, { stride: 2, padding: 1 }),
    inputOf: pooled,
    refuses: [[2, 3], "maxUnpool2d: values is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "MaxUnpool3d(2)",
    make: () => new MaxUnpool3d(2),
    inputOf: pooled,
    refuses: [[2, 3], "maxUnpool3d: values is [2, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "FractionalMaxPool2d(2)",
    make: (rng) => new FractionalMaxPool2d(2, { outputSize: [4, 3], rng }),
    unmeasurable: true,
    refuses: [
      [2, 4, 5, 1],
      "fractionalMaxPool2d: x is [2, 4, 5, 1], expected at least 5 of height, for 4 windows of 2.",
    ],
  },
  {
    title: "FractionalMaxPool2d(2), ratio",
    make: (rng) => new FractionalMaxPool2d(2, { outputRatio: 0.5, rng }),
    unmeasurable: true,
  },
  {
    title: "FractionalMaxPool3d(2)",
    make: (rng) => new FractionalMaxPool3d(2, { outputSize: 2, rng }),
    unmeasurable: true,
    refuses: [[2, 3], "fractionalMaxPool3d: x is [2, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "LPPool3d(2, 2)",
    make: () => new LPPool3d(2, 2, { stride: 1 }),
    refuses: [[2, 3], "lpPool3d: x is [2, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "UpsamplingBilinear2d",
    make: () => new UpsamplingBilinear2d({ scaleFactor: 2 }),
    refuses: [[2, 3], "UpsamplingBilinear2d: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "UpsamplingNearest2d",
    make: () => new UpsamplingNearest2d({ size: [5, 4] }),
    refuses: [[2, 3], "UpsamplingNearest2d: x is [2, 3], expected [batch, height, width, channel]."],
  },
  ...[2, 3, 4].map((size): LayerRow => ({
    title: `CrossMapLRN2d(${size})`,
    make: () => new CrossMapLRN2d(size, { alpha: 0.5, beta: 0.6, k: 2 }),
    ...(size === 2 && {
      refuses: [[2, 3], "CrossMapLRN2d(2): x is [2, 3], expected [batch, height, width, channel]."],
    }),
  })),
];
