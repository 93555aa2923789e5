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
  ChannelShuffle,
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  Fold,
  LPPool1d,
  LPPool2d,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  PixelShuffle,
  PixelUnshuffle,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
  Unfold,
  Upsample,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

const modes = ["reflect", "replicate", "circular"] as const;
const turned = { stride: 2, padding: 1, outputPadding: 1, groups: 2 };

export const convolution: readonly LayerRow[] = [
  {
    title: "Conv1d(4, 4, 2)",
    make: (rng) => new Conv1d(4, 4, 2, { rng, padding: 1, groups: 2 }),
    refuses: [[2, 3], "Conv1d(4, 4, 2): x is [2, 3], expected [batch, time, 4]."],
  },
  {
    title: "Conv1d(4, 4, 3), same",
    make: (rng) => new Conv1d(4, 4, 3, { rng, padding: "same", bias: false }),
  },
  ...modes.map((paddingMode): LayerRow => ({
    title: `Conv1d(4, 2, 3), ${paddingMode}`,
    make: (rng) => new Conv1d(4, 2, 3, { rng, padding: 1, stride: 2, paddingMode }),
  })),
  {
    title: "ConvTranspose1d(4, 4, 3)",
    make: (rng) => new ConvTranspose1d(4, 4, 3, { rng, ...turned }),
    refuses: [[2, 3], "convTranspose1d: x is [2, 3], expected [batch, time, 4]."],
  },
  {
    title: "ConvTranspose1d(4, 3, 2), no bias",
    make: (rng) => new ConvTranspose1d(4, 3, 2, { rng, bias: false }),
  },
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
    title: "LPPool1d(2, 2)",
    make: () => new LPPool1d(2, 2),
    refuses: [[2, 3], "lpPool1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "Conv2d(4, 4, 2)",
    make: (rng) => new Conv2d(4, 4, 2, { rng, padding: 1, groups: 2 }),
    refuses: [[2, 3, 3], "Conv2d(4, 4, 2): x is [2, 3, 3], expected [batch, height, width, 4]."],
  },
  {
    title: "Conv2d(4, 4, 3), same",
    make: (rng) => new Conv2d(4, 4, 3, { rng, padding: "same", bias: false }),
  },
  ...modes.map((paddingMode): LayerRow => ({
    title: `Conv2d(4, 2, 3), ${paddingMode}`,
    make: (rng) => new Conv2d(4, 2, 3, { rng, padding: 1, stride: 2, paddingMode }),
  })),
  {
    title: "ConvTranspose2d(4, 4, 3)",
    make: (rng) => new ConvTranspose2d(4, 4, 3, { rng, ...turned }),
    refuses: [[2, 3, 3], "convTranspose2d: x is [2, 3, 3], expected [batch, height, width, 4]."],
  },
  {
    title: "ConvTranspose2d(4, 3, 2), no bias",
    make: (rng) => new ConvTranspose2d(4, 3, 2, { rng, bias: false }),
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
    title: "LPPool2d(2, 2)",
    make: () => new LPPool2d(2, 2),
    refuses: [[2, 3, 3], "lpPool2d: x is [2, 3, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "Conv3d(2, 4, 2)",
    make: (rng) => new Conv3d(2, 4, 2, { rng, padding: 1, groups: 2 }),
    refuses: [[2, 3, 3, 3], "Conv3d(2, 4, 2): x is [2, 3, 3, 3], expected [batch, depth, height, width, 2]."],
  },
  {
    title: "Conv3d(2, 4, 3), same",
    make: (rng) => new Conv3d(2, 4, 3, { rng, padding: "same", bias: false }),
  },
  ...modes.map((paddingMode): LayerRow => ({
    title: `Conv3d(2, 2, 3), ${paddingMode}`,
    make: (rng) => new Conv3d(2, 2, 3, { rng, padding: 1, stride: 2, paddingMode }),
  })),
  {
    title: "ConvTranspose3d(2, 4, 3)",
    make: (rng) => new ConvTranspose3d(2, 4, 3, { rng, ...turned }),
    refuses: [[2, 3, 3, 3], "convTranspose3d: x is [2, 3, 3, 3], expected [batch, depth, height, width, 2]."],
  },
  {
    title: "ConvTranspose3d(2, 3, 2), no bias",
    make: (rng) => new ConvTranspose3d(2, 3, 2, { rng, bias: false }),
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
    title: "Conv2d(4, 8, [3, 2]), one filter per channel",
    make: (rng) => new Conv2d(4, 8, [3, 2], { rng, groups: 4, dilation: [1, 2] }),
  },
  {
    title: "Conv2d(4, 3, 3), strided and dilated",
    make: (rng) => new Conv2d(4, 3, 3, { rng, stride: 2, dilation: 2, padding: 2 }),
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
    title: "PixelUnshuffle(2)",
    make: () => new PixelUnshuffle(2),
    refuses: [[2, 3], "pixelUnshuffle: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "ChannelShuffle(2)",
    make: () => new ChannelShuffle(2),
    refuses: [[2, 3], "channelShuffle: x is [2, 3], whose 3 channels do not fall into 2 groups."],
  },
  {
    title: "Unfold(2)",
    make: () => new Unfold(2, { padding: 1 }),
    refuses: [[2, 3], "unfold: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "Fold([3, 4], 2)",
    make: () => new Fold([3, 4], 2),
    refuses: [[1, 6, 6], "fold: x is [1, 6, 6], whose 6 features do not fall into windows of 4."],
  },
];
