import {
  CausalConv1d,
  convNormActivation,
  FrozenBatchNorm2d,
  hardsigmoid,
  ReLU,
  silu,
  SqueezeExcitation,
  StochasticDepth,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

/** Blocks of convolutional networks. */
export const convolutionBlocks: readonly LayerRow[] = [
  {
    title: "CausalConv1d(4, 3, 2), dilation 3",
    make: (rng) => new CausalConv1d(4, 3, 2, { rng, dilation: 3 }),
    refuses: [[2, 5, 3], "CausalConv1d(4, 3, 2): x is [2, 5, 3], expected [batch, time, 4]."],
  },
  {
    title: "SqueezeExcitation(4, 2)",
    make: (rng) => new SqueezeExcitation(4, 2, { rng }),
    refuses: [
      [2, 3, 3, 2],
      "Conv2d(4, 2, 1): x is [2, 1, 1, 2], expected [batch, height, width, 4]. (in fc1 of SqueezeExcitation)",
    ],
  },
  {
    title: "SqueezeExcitation(4, 2), SiLU",
    make: (rng) => new SqueezeExcitation(4, 2, { rng, activation: silu }),
  },
  {
    title: "SqueezeExcitation(4, 2), hard sigmoid",
    make: (rng) => new SqueezeExcitation(4, 2, { rng, scaleActivation: hardsigmoid }),
  },
  {
    title: "FrozenBatchNorm2d(4)",
    make: () => new FrozenBatchNorm2d(4),
    refuses: [[2, 4], "FrozenBatchNorm2d(4): x is [2, 4], expected [batch, height, width, 4]."],
  },
  { title: "FrozenBatchNorm2d(4), eps 0.1", make: () => new FrozenBatchNorm2d(4, { eps: 0.1 }) },
  {
    title: "convNormActivation(4, 2, 3)",
    make: (rng) => convNormActivation(4, 2, 3, { rng, activation: new ReLU() }),
  },
  {
    title: "convNormActivation(4, 2, 3), with a bias",
    make: (rng) => convNormActivation(4, 2, 3, { rng, normLayer: null }),
  },
  {
    title: "convNormActivation(4, 4, 3), strided, dilated, frozen",
    make: (rng) =>
      convNormActivation(4, 4, 3, {
        rng,
        stride: 2,
        dilation: 2,
        groups: 2,
        normLayer: (channels) => new FrozenBatchNorm2d(channels),
      }),
  },
  ...[0.4, 0, 1].map((p): LayerRow => ({
    title: `StochasticDepth(${p})`,
    make: (rng) => new StochasticDepth(p, { rng }),
  })),
  { title: "StochasticDepth(0.4), sequences", make: (rng) => new StochasticDepth(0.4, { rng }) },
  { title: "StochasticDepth(0.4), inference", make: (rng) => new StochasticDepth(0.4, { rng }) },
];
