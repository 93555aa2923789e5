import {
  ChannelShuffle,
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  Fold,
  PixelShuffle,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
  Upsample,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

/** What pads, shuffles, folds and resizes. */
export const rearranging: readonly LayerRow[] = [
  {
    title: "ZeroPad1d",
    make: () => new ZeroPad1d([1, 0]),
    refuses: [[2, 3], "ZeroPad1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "ReflectionPad1d",
    make: () => new ReflectionPad1d([1, 0]),
    refuses: [[2, 3], "ReflectionPad1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "ReplicationPad1d",
    make: () => new ReplicationPad1d([1, 0]),
    refuses: [[2, 3], "ReplicationPad1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "CircularPad1d",
    make: () => new CircularPad1d([1, 0]),
    refuses: [[2, 3], "CircularPad1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "ConstantPad1d",
    make: () => new ConstantPad1d(1, 0.5),
    refuses: [[2, 3], "ConstantPad1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "ZeroPad2d",
    make: () => new ZeroPad2d([1, 0, 2, 1]),
    refuses: [[2, 3, 3], "ZeroPad2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ReflectionPad2d",
    make: () => new ReflectionPad2d([1, 0, 2, 1]),
    refuses: [[2, 3, 3], "ReflectionPad2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ReplicationPad2d",
    make: () => new ReplicationPad2d([1, 0, 2, 1]),
    refuses: [[2, 3, 3], "ReplicationPad2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "CircularPad2d",
    make: () => new CircularPad2d([1, 0, 2, 1]),
    refuses: [[2, 3, 3], "CircularPad2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ConstantPad2d",
    make: () => new ConstantPad2d(1, 0.5),
    refuses: [[2, 3, 3], "ConstantPad2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ZeroPad3d",
    make: () => new ZeroPad3d([1, 0, 2, 1, 0, 1]),
    refuses: [[2, 3, 3, 3], "ZeroPad3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel]."],
  },
  {
    title: "ReflectionPad3d",
    make: () => new ReflectionPad3d([1, 0, 2, 1, 0, 1]),
    refuses: [
      [2, 3, 3, 3],
      "ReflectionPad3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
  {
    title: "ReplicationPad3d",
    make: () => new ReplicationPad3d([1, 0, 2, 1, 0, 1]),
    refuses: [
      [2, 3, 3, 3],
      "ReplicationPad3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
  {
    title: "CircularPad3d",
    make: () => new CircularPad3d([1, 0, 2, 1, 0, 1]),
    refuses: [
      [2, 3, 3, 3],
      "CircularPad3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
  {
    title: "ConstantPad3d",
    make: () => new ConstantPad3d(1, 0.5),
    refuses: [
      [2, 3, 3, 3],
      "ConstantPad3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, channel].",
    ],
  },
  {
    title: "Upsample, nearest",
    make: () => new Upsample({ scaleFactor: 2 }),
    refuses: [[2, 3], "interpolate: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "Upsample, bilinear",
    make: () => new Upsample({ size: [7, 3], mode: "bilinear", alignCorners: true }),
  },
  {
    title: "PixelShuffle(2)",
    make: () => new PixelShuffle(2),
    refuses: [[2, 3], "pixelShuffle: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ChannelShuffle(2)",
    make: () => new ChannelShuffle(2),
    refuses: [[2, 3], "channelShuffle: x is [2, 3], expected a number of channels divisible by groups (2)."],
  },
  {
    title: "Fold([3, 4], 2)",
    make: () => new Fold([3, 4], 2),
    refuses: [
      [1, 6, 6],
      "fold: x is [1, 6, 6], expected a number of features divisible by the kernel's 4 positions.",
    ],
  },
];
