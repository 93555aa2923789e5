import {
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  Conv1d,
  Conv2d,
  Conv3d,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

export const convolution: readonly LayerRow[] = [
  { title: "Conv1d(4, 4, 2)", make: (rng) => new Conv1d(4, 4, 2, { rng, padding: 1, groups: 2 }) },
  { title: "Conv2d(4, 4, 2)", make: (rng) => new Conv2d(4, 4, 2, { rng, padding: 1, groups: 2 }) },
  { title: "Conv3d(2, 4, 2)", make: (rng) => new Conv3d(2, 4, 2, { rng, padding: 1, groups: 2 }) },
  { title: "MaxPool1d(2)", make: () => new MaxPool1d(2, { stride: 1 }) },
  { title: "MaxPool2d(2)", make: () => new MaxPool2d(2, { stride: 1 }), unmeasurable: true },
  { title: "MaxPool3d(2)", make: () => new MaxPool3d(2, { stride: 1 }), unmeasurable: true },
  { title: "AvgPool1d(2)", make: () => new AvgPool1d(2, { padding: 1 }) },
  { title: "AvgPool2d(2)", make: () => new AvgPool2d(2, { padding: 1 }) },
  { title: "AvgPool3d(2)", make: () => new AvgPool3d(2, { padding: 1 }) },
];
