import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LayerNorm,
  LocalResponseNorm,
  RMSNorm,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

const affineWithStatistics = { affine: true, trackRunningStats: true };

export const norms: readonly LayerRow[] = [
  {
    title: "LayerNorm(6)",
    make: () => new LayerNorm(6),
    refuses: [[2, 5], "LayerNorm(6): x is [2, 5], expected [..., 6]."],
  },
  { title: "LayerNorm([3, 4])", make: () => new LayerNorm([3, 4]) },
  { title: "LayerNorm([2, 3, 4])", make: () => new LayerNorm([2, 3, 4]) },
  { title: "LayerNorm(6), no bias, eps 0.1", make: () => new LayerNorm(6, { eps: 0.1, bias: false }) },
  { title: "LayerNorm(6), not affine", make: () => new LayerNorm(6, { elementwiseAffine: false }) },
  {
    title: "RMSNorm(6)",
    make: () => new RMSNorm(6),
    refuses: [[2, 5], "RMSNorm(6): x is [2, 5], expected [..., 6]."],
  },
  { title: "RMSNorm([3, 4]), eps 0.1", make: () => new RMSNorm([3, 4], { eps: 0.1 }) },
  { title: "RMSNorm(6), not affine", make: () => new RMSNorm(6, { eps: 1e-6, elementwiseAffine: false }) },
  {
    title: "GroupNorm(2, 6)",
    make: () => new GroupNorm(2, 6),
    refuses: [[2, 3, 5], "GroupNorm(2, 6): x is [2, 3, 5], expected [batch, size, 6]."],
  },
  { title: "GroupNorm(3, 6), rows", make: () => new GroupNorm(3, 6, { eps: 0.1 }) },
  { title: "GroupNorm(1, 4), not affine", make: () => new GroupNorm(1, 4, { affine: false }) },
  ...[1, 2, 3, 5].map((size) => ({
    title: `LocalResponseNorm(${size})`,
    make: () => new LocalResponseNorm(size, { alpha: 0.5 }),
  })),
  {
    title: "LocalResponseNorm(3), k 2",
    make: () => new LocalResponseNorm(3, { alpha: 0.1, beta: 0.5, k: 2 }),
  },
  {
    title: "BatchNorm1d(4)",
    make: () => new BatchNorm1d(4),
    refuses: [[2, 3, 5], "BatchNorm1d(4): x is [2, 3, 5], expected [batch, time, 4]."],
  },
  { title: "BatchNorm1d(4), rows", make: () => new BatchNorm1d(4) },
  { title: "BatchNorm1d(4), inference", make: () => new BatchNorm1d(4) },
  {
    title: "BatchNorm2d(4)",
    make: () => new BatchNorm2d(4),
    refuses: [[2, 4], "BatchNorm2d(4): x is [2, 4], expected [batch, height, width, 4]."],
  },
  { title: "BatchNorm2d(4), three steps", make: () => new BatchNorm2d(4) },
  { title: "BatchNorm2d(4), three steps, then inference", make: () => new BatchNorm2d(4) },
  { title: "BatchNorm2d(4), cumulative, three steps", make: () => new BatchNorm2d(4, { momentum: null }) },
  {
    title: "BatchNorm2d(4), eps 0.1, momentum 0.3",
    make: () => new BatchNorm2d(4, { eps: 0.1, momentum: 0.3 }),
  },
  { title: "BatchNorm2d(4), not affine", make: () => new BatchNorm2d(4, { affine: false }) },
  {
    title: "BatchNorm2d(4), no statistics",
    make: () => new BatchNorm2d(4, { trackRunningStats: false }),
  },
  {
    title: "BatchNorm3d(4)",
    make: () => new BatchNorm3d(4),
    refuses: [[2, 4], "BatchNorm3d(4): x is [2, 4], expected [batch, depth, height, width, 4]."],
  },
  {
    title: "InstanceNorm1d(4)",
    make: () => new InstanceNorm1d(4),
    refuses: [[2, 4], "InstanceNorm1d(4): x is [2, 4], expected [batch, time, 4]."],
  },
  {
    title: "InstanceNorm2d(4)",
    make: () => new InstanceNorm2d(4),
    refuses: [[2, 4], "InstanceNorm2d(4): x is [2, 4], expected [batch, height, width, 4]."],
  },
  {
    title: "InstanceNorm2d(4), affine, statistics",
    make: () => new InstanceNorm2d(4, affineWithStatistics),
  },
  {
    title: "InstanceNorm2d(4), affine, statistics, inference",
    make: () => new InstanceNorm2d(4, affineWithStatistics),
  },
  {
    title: "InstanceNorm3d(4)",
    make: () => new InstanceNorm3d(4),
    refuses: [[2, 4], "InstanceNorm3d(4): x is [2, 4], expected [batch, depth, height, width, 4]."],
  },
];
