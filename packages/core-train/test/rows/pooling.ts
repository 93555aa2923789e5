import {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  LPPool1d,
  LPPool2d,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

/** Pooling. */
export const pooling: readonly LayerRow[] = [
  {
    title: "MaxPool1d(2)",
    make: () => new MaxPool1d(2, { stride: 1 }),
    unmeasurable: true,
    refuses: [[2, 3], "maxPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "AvgPool1d(2)",
    make: () => new AvgPool1d(2, { padding: 1 }),
    refuses: [[2, 3], "avgPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "AdaptiveAvgPool1d(2)",
    make: () => new AdaptiveAvgPool1d(2),
    refuses: [[2, 3], "adaptiveAvgPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "AdaptiveMaxPool1d(2)",
    make: () => new AdaptiveMaxPool1d(2),
    unmeasurable: true,
    refuses: [[2, 3], "adaptiveMaxPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "LPPool1d(2, 2)",
    make: () => new LPPool1d(2, 2),
    refuses: [[2, 3], "lpPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "MaxPool2d(2)",
    make: () => new MaxPool2d(2, { stride: 1 }),
    unmeasurable: true,
    refuses: [[2, 3, 3], "maxPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "AvgPool2d(2)",
    make: () => new AvgPool2d(2, { padding: 1 }),
    refuses: [[2, 3, 3], "avgPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "AdaptiveAvgPool2d(2)",
    make: () => new AdaptiveAvgPool2d(2),
    refuses: [[2, 3, 3], "adaptiveAvgPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "AdaptiveMaxPool2d(2)",
    make: () => new AdaptiveMaxPool2d(2),
    unmeasurable: true,
    refuses: [[2, 3, 3], "adaptiveMaxPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "LPPool2d(2, 2)",
    make: () => new LPPool2d(2, 2),
    refuses: [[2, 3, 3], "lpPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "MaxPool3d(2)",
    make: () => new MaxPool3d(2, { stride: 1 }),
    unmeasurable: true,
    refuses: [[2, 3, 3, 3], "maxPool3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "AvgPool3d(2)",
    make: () => new AvgPool3d(2, { padding: 1 }),
    refuses: [[2, 3, 3, 3], "avgPool3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "AdaptiveAvgPool3d(2)",
    make: () => new AdaptiveAvgPool3d(2),
    refuses: [
      [2, 3, 3, 3],
      "adaptiveAvgPool3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
  {
    title: "AdaptiveMaxPool3d(2)",
    make: () => new AdaptiveMaxPool3d(2),
    unmeasurable: true,
    refuses: [
      [2, 3, 3, 3],
      "adaptiveMaxPool3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
];
