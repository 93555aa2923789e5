// Wrong input: an error that says what came and what was expected, and no tensor left.
import { useBackend } from "@pellucid/backends";
import { Linear, Rng } from "@pellucid/core-train";
import {
  AffineCoupling,
  Autoencoder,
  contractivePenalty,
  corrupt,
  DcganGenerator,
  Flow,
  Glow,
  gradientPenalty,
  InvertibleConv1x1,
  Made,
  MlpDiscriminator,
  negativeElbo,
  r1Penalty,
  rationalQuadraticSpline,
  realNvp,
  SpectralNormConv2d,
  sparsityPenalty,
  StackedAutoencoder,
  StyleGenerator,
  Vae,
  vectorQuantize,
} from "@pellucid/generative";
import { ones, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const rng = new Rng(0);

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

/** A call with tensors that outlive it. */
const x = () => ones([2, 3]) as Tensor2D;
const rows: readonly (readonly [title: string, call: () => unknown, message: string])[] = [
  [
    "one size",
    () => new Autoencoder([4], { rng }),
    "Autoencoder: sizes is [4], expected a list of two or more.",
  ],
  [
    "an activation",
    () => new Autoencoder([4, 2], { rng, activation: "gelu" as never }),
    'Autoencoder: activation is "gelu", expected "tanh", "relu" or "sigmoid".',
  ],
  [
    "a sparsity of 0",
    () => sparsityPenalty(x(), 0),
    "sparsityPenalty: target is 0, expected between 0 and 1.",
  ],
  [
    "a code that is not a table",
    () => contractivePenalty(() => ones([2, 2, 2]), x()),
    "contractivePenalty: the code is [2, 2, 2], expected [batch, unit].",
  ],
  [
    "noise of a negative deviation",
    () => corrupt(x(), { rng, std: -1 }),
    "corrupt: std is -1, expected a number of 0 or more.",
  ],
  [
    "a layer that a stack lacks",
    () => new StackedAutoencoder([4, 2], { rng }).layerLoss(1, ones([1, 4])),
    "StackedAutoencoder.layerLoss: index is 1, expected 0 to 0.",
  ],
  [
    "a misspelled option",
    () => new Vae(4, { rng, latentFeature: 2 } as never),
    "Vae: there is no option latentFeature",
  ],
  [
    "β below 0",
    () => negativeElbo(x(), x(), { mean: x(), logVariance: x() }, { beta: -1 }),
    "negativeElbo: beta is -1, expected a number of 0 or more.",
  ],
  [
    "codes of another size",
    () => vectorQuantize(x(), ones([4, 2])),
    "vectorQuantize: z is [2, 3], expected [..., 2].",
  ],
  [
    "fakes of another shape",
    () => gradientPenalty(new MlpDiscriminator([3, 1], { rng }), x(), ones([1, 3]) as Tensor2D, { rng }),
    "gradientPenalty: fake is [1, 3], expected [2, 3].",
  ],
  [
    "a penalty below 0",
    () => r1Penalty(new MlpDiscriminator([3, 1], { rng }), x(), -1),
    "r1Penalty: gamma is -1, expected a number of 0 or more.",
  ],
  [
    "images of 24 pixels",
    () => new DcganGenerator({ rng, imageSize: 24 }),
    "DcganGenerator: imageSize is 24, expected a power of two from 8.",
  ],
  [
    "groups",
    () => new SpectralNormConv2d(3, 4, 3, { rng, groups: 2 }),
    "SpectralNormConv2d: groups is 2, expected a divisor of both numbers of channels.",
  ],
  [
    "no size",
    () => new StyleGenerator({ rng, channels: [] }),
    "StyleGenerator: channels is [], expected a number for each size.",
  ],
  ["an empty flow", () => new Flow([]), "Flow: transforms is empty, expected a layer at least."],
  ["one feature", () => realNvp(1, { rng }), "realNvp: features is 1, expected an integer above 1."],
  [
    "half a mask",
    () => new AffineCoupling([1, 0.5], { scale: null, shift: new Linear(2, 2, { rng }) as never }),
    "AffineCoupling: mask is 0.5, expected 0 or 1 everywhere.",
  ],
  ["features", () => new Made(2, { rng }).forward(x()), "Made: x is [2, 3], expected [batch, 2]."],
  [
    "channels",
    () => new InvertibleConv1x1(2, { rng }).forward(x()),
    "InvertibleConv1x1: x is [2, 3], expected [..., 2].",
  ],
  [
    "colors",
    () => new Glow(3, { rng, levels: 1, steps: 1, hiddenChannels: 2 }).forward(zeros([1, 4, 4, 1])),
    "Glow: x is [1, 4, 4, 1], expected [batch, height, width, 3].",
  ],
  [
    "an odd image",
    () => new Glow(1, { rng, levels: 1, steps: 1, hiddenChannels: 2 }).forward(zeros([1, 3, 3, 1])),
    "pixelUnshuffle",
  ],
  [
    "too many bins",
    () =>
      rationalQuadraticSpline(
        ones([1]),
        { widths: ones([1, 4]), heights: ones([1, 4]), derivatives: ones([1, 3]) },
        { minWidth: 0.25 },
      ),
    "rationalQuadraticSpline: minWidth is 0.25, expected less than 1 / 4, the number of bins.",
  ],
  [
    "derivatives",
    () =>
      rationalQuadraticSpline(ones([1]), {
        widths: ones([1, 4]),
        heights: ones([1, 4]),
        derivatives: ones([1, 4]),
      }),
    "rationalQuadraticSpline: derivatives is [1, 4], expected [1, 3].",
  ],
];

test.for(rows)("%s", ([, call, message]) => {
  expect(call).toThrow(message);
});
