import {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  PixelUnshuffle,
  Unfold,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

const modes = ["reflect", "replicate", "circular"] as const;
const turned = { stride: 2, padding: 1, outputPadding: 1, groups: 2 };

/** Convolutions. */
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
    title: "Conv2d(4, 8, [3, 2]), one filter per channel",
    make: (rng) => new Conv2d(4, 8, [3, 2], { rng, groups: 4, dilation: [1, 2] }),
  },
  {
    title: "Conv2d(4, 3, 3), strided and dilated",
    make: (rng) => new Conv2d(4, 3, 3, { rng, stride: 2, dilation: 2, padding: 2 }),
  },
  {
    title: "PixelUnshuffle(2)",
    make: () => new PixelUnshuffle(2),
    refuses: [[2, 3], "pixelUnshuffle: x is [2, 3], expected [batch, height, width, channel]."],
  },
  {
    title: "Unfold(2)",
    make: () => new Unfold(2, { padding: 1 }),
    refuses: [[2, 3], "unfold: x is [2, 3], expected [batch, height, width, channel]."],
  },
];
