import * as core from "@pellucid/core-train";
import { init, OptionError, type Image } from "@pellucid/core-train";
import { useBackend } from "@pellucid/backends";
import { tensor1d, tensor2d, zeros, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

// What is misspelled, of another kind or out of range is refused before anything is computed: losses, metrics, initializers, augmentations and ops.

beforeAll(() => useBackend({ only: "cpu" }));

type Call = (options: never) => unknown;

const x = () => tensor2d([[1, 2]]);
const label = () => tensor1d([0], "int32");
const image: Image = { data: new Float32Array(27), shape: [3, 3, 3] };
const picture = () => zeros([1, 4, 4, 1]) as Tensor4D;
const sequence = () => zeros([1, 4, 1]) as Tensor3D;

const takesOptions: Readonly<Record<string, Call>> = {
  accuracy: (options) => core.accuracy(x(), label(), options),
  precision: (options) => core.precision(x(), label(), options),
  recall: (options) => core.recall(x(), label(), options),
  f1Score: (options) => core.f1Score(x(), label(), options),
  fBetaScore: (options) => core.fBetaScore(x(), label(), 2, options),
  confusionMatrix: (options) => core.confusionMatrix(x(), label(), options),
  expectedCalibrationError: (options) => core.expectedCalibrationError(x(), label(), options),
  perplexity: (options) => core.perplexity(x(), label(), options),
  kaimingNormal: (options) => init.kaimingNormal(options),
  kaimingUniform: (options) => init.kaimingUniform(options),
  xavierNormal: (options) => init.xavierNormal(options),
  xavierUniform: (options) => init.xavierUniform(options),
  orthogonal: (options) => init.orthogonal(options),
  sparse: (options) => init.sparse(0.1, options),
  truncatedNormal: (options) => init.truncatedNormal(options),
  cutMix: (options) => core.cutMix(options),
  mixUp: (options) => core.mixUp(options),
  cutout: (options) => core.cutout(2, options),
  elasticTransform: (options) => core.elasticTransform(options),
  padImage: (options) => core.padImage(image, { top: 1, bottom: 1, left: 1, right: 1 }, options),
  pcaColor: (options) => core.pcaColor(options),
  randomAffine: (options) => core.randomAffine(10, options),
  randomCrop: (options) => core.randomCrop(2, options),
  randomErasing: (options) => core.randomErasing(options),
  randomHorizontalFlip: (options) => core.randomHorizontalFlip(options),
  randomVerticalFlip: (options) => core.randomVerticalFlip(options),
  randomPerspective: (options) => core.randomPerspective(options),
  randomResizedCrop: (options) => core.randomResizedCrop(2, options),
  rotateImage: (options) => core.rotateImage(image, 10, options),
  avgPool2d: (options) => core.avgPool2d(picture(), 2, options),
  maxPool2d: (options) => core.maxPool2d(picture(), 2, options),
  lpPool2d: (options) => core.lpPool2d(picture(), 2, 2, options),
  conv2d: (options) => core.conv2d(picture(), zeros([1, 1, 1, 1]) as Tensor4D, null, options),
  conv1d: (options) => core.conv1d(sequence(), zeros([1, 1, 1]) as Tensor3D, null, options),
  interpolate: (options) => core.interpolate(picture(), options),
  pad: (options) =>
    core.pad(
      picture(),
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      options,
    ),
  unfold: (options) => core.unfold(picture(), 2, options),
  normalizeVectors: (options) => core.normalizeVectors(x(), options),
  pairwiseDistance: (options) => core.pairwiseDistance(x(), x(), options),
};

/** The error of a call that throws, or whose promise rejects. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return null;
}

describe.each(Object.entries(takesOptions))("%s", (name, call) => {
  test("refuses an option that it does not have", async () => {
    const error = await errorOf(() => call({ colour_of_it: 1 } as never));
    expect(error).toBeInstanceOf(OptionError);
    expect(String(error)).toMatch(new RegExp(`${name}: there is no option colour_of_it`, "i"));
  });
});

const wrong: readonly [title: string, call: () => unknown, message: string][] = [
  ["an average", () => core.precision(x(), label(), { average: "all" as never }), "Precision: average is"],
  ["a threshold", () => core.accuracy(x(), label(), { threshold: NaN }), "Accuracy: threshold is NaN"],
  [
    "a normalization",
    () => core.confusionMatrix(x(), label(), { normalize: "row" as never }),
    "ConfusionMatrix: normalize is",
  ],
  [
    "an ignored label",
    () => core.crossEntropy(x(), label(), { ignoreIndex: NaN }),
    "crossEntropy: ignoreIndex is NaN",
  ],
  ["an exponent", () => core.focalLoss(x(), x(), { gamma: NaN }), "focalLoss: gamma is NaN"],
  [
    "a margin",
    () => core.hingeEmbeddingLoss(x(), x(), { margin: "1" as never }),
    "hingeEmbeddingLoss: margin is",
  ],
  ["a smoothing term", () => core.diceLoss(picture(), picture(), { eps: -1 }), "diceLoss: eps is -1"],
  ["a mode", () => init.kaimingUniform({ mode: "fan_in" as never }), "kaimingUniform: mode is"],
  [
    "a nonlinearity",
    () => init.kaimingNormal({ nonlinearity: "gelu" as never }),
    "kaimingNormal: nonlinearity is",
  ],
  ["a gain", () => init.xavierUniform({ gain: NaN }), "xavierUniform: gain is NaN"],
  ["bounds", () => init.uniform(NaN, 1), "uniform: low is NaN"],
  ["a deviation", () => init.normal(0, -1), "normal: std is -1"],
  ["a share of zeros", () => init.sparse(2), "sparse: sparsity is 2"],
  ["groups", () => init.dirac(0), "dirac: groups is 0"],
  ["a constant", () => init.constant("0" as never), "constant: value is"],
  [
    "a filter",
    () => core.rotateImage(image, 1, { interpolation: "bicubic" as never }),
    "affineImage: interpolation is",
  ],
  ["a blur", () => core.elasticTransform({ sigma: Infinity }), "elasticTransform: sigma is Infinity"],
];

test.each(wrong)("refuses %s that is none", async (_, call, message) => {
  const error = await errorOf(call);
  expect(error).toBeInstanceOf(OptionError);
  expect(String(error)).toContain(message);
});
