// Conventions and edges where implementations usually go wrong, each with its right numbers. Compared as |found − right| ≤ tolerance · (1 + |right|), where the tolerance is at least that of float32.
import { useBackend } from "@pellucid/backends";
import { resnet50 } from "@pellucid/cnn";
import {
  Conv2d,
  crossEntropy,
  gradient,
  interpolate,
  loadWeights,
  moduleAt,
  Rng,
  torchStateOf,
  training,
  withoutInit,
} from "@pellucid/core-train";
import {
  AsppPooling,
  lovaszSoftmax,
  padToSkip,
  PanopticQuality,
  type PanopticPicture,
  resizeMask,
  SegmentationMetrics,
  softDiceLoss,
  softJaccardLoss,
  tverskyLoss,
} from "@pellucid/segmentation";
import { fixture } from "@pellucid/testing";
import {
  expandDims,
  fill,
  type Rank,
  reshape,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor4D,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

// oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own fields
type Numbers = any;
interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Numbers;
  readonly right: Numbers;
  readonly tolerance: number;
}

const flat = (x: Numbers): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);
const labels = (x: Numbers): Tensor => {
  const shape = shapeOf(x);
  return tensor(Int32Array.from(flat(x)), shape, "int32");
};
const shapeOf = (x: Numbers): number[] => (Array.isArray(x) ? [x.length, ...shapeOf(x[0])] : []);
/** `[batch, channel, height, width]` -> `[batch, height, width, channel]` */
const images = (x: Numbers): Tensor4D => transpose(tensor(x) as Tensor4D, [0, 2, 3, 1]);
const channelsFirst = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2]);

const first = (x: unknown): unknown => (Array.isArray(x) ? x[0] : x);
const numberOf = (x: Tensor): number => x.dataSync()[0] as number;

function compare(c: Case, name: string, found: Tensor | number | readonly number[], right: Numbers): void {
  const numbers = typeof found === "number" ? [found] : found;
  const tolerance = Math.max(c.tolerance, 4e-7);
  expect(
    [...(Array.isArray(numbers) ? numbers : (numbers as Tensor).dataSync())],
    `${c.id} ${name}`,
  ).toBeAllclose(flat(right), { rtol: tolerance, atol: tolerance });
}

const kinds: Readonly<Record<string, (c: Case) => void | Promise<void>>> = {
  "dice-empty": (c) => {
    const { probability, target, eps } = c.input;
    const [p, y] = [probability, target].map((x: Numbers) => expandDims(tensor(x), -1)) as [Tensor, Tensor];
    const options = { eps, activation: "none" } as const;
    const perImage = softDiceLoss(p, y, { ...options, reduction: "none" });
    compare(
      c,
      "per image",
      [...perImage.dataSync()].map((loss) => 1 - loss),
      c.right.per_image,
    );
    compare(c, "mean", 1 - numberOf(softDiceLoss(p, y, options)), c.right.mean_over_images);
    const whole = softDiceLoss(p, y, { ...options, over: "batch" });
    compare(c, "whole batch", 1 - numberOf(whole), c.right.whole_batch);
  },
  "miou-absent-ignore": async (c) => {
    const { classes, ignore, target, prediction } = c.input;
    const metrics = new SegmentationMetrics(classes, { ignoreIndex: ignore });
    await metrics.update(labels(prediction), labels(target));
    const scores = metrics.scores();
    expect(scores.confusion).toEqual(c.right.confusion_target_by_prediction);
    compare(c, "IoU", scores.iou, c.right.iou);
    compare(c, "mean IoU", scores.meanIou, c.right.miou_over_classes_with_union);
    compare(c, "accuracy", scores.pixelAccuracy, c.right.pixel_accuracy);
  },
  "ce-weights-ignore": (c) => {
    const { logits, target, weight, ignore_index: ignoreIndex, label_smoothing: labelSmoothing } = c.input;
    const options = { weight: tensor(weight) as Tensor1D, ignoreIndex, labelSmoothing };
    const loss = (x: Tensor) => crossEntropy(x, labels(target), options);
    compare(c, "mean", loss(images(logits)), c.right.mean);
    compare(c, "gradient", channelsFirst(gradient(loss)(images(logits))), c.right.grad);
    const ignored = fill(shapeOf(target), ignoreIndex, "int32");
    compare(c, "all ignored", crossEntropy(images(logits), ignored, options), c.right.all_ignored_mean);
  },
  "interpolate-modes": (c) => {
    const [height, width] = c.input.size;
    const resize = (name: string) => {
      const [mode = "", corners] = name.split("_ac_");
      const aligned = corners === "True" ? { alignCorners: true } : {};
      return interpolate(images(c.input.input), {
        size: [height, width],
        mode: mode as "nearest",
        ...aligned,
      });
    };
    for (const [name, right] of Object.entries(c.right)) compare(c, name, channelsFirst(resize(name)), right);
  },
  "unet-pad-to-skip": (c) => {
    const [height, width] = c.input.skip_hw;
    compare(
      c,
      "output",
      channelsFirst(padToSkip(images(c.input.up), zeros<Rank.R4>([1, height, width, 1]))),
      c.right.output,
    );
  },
  "aspp-pooling-batch-norm": async (c) => {
    const { input, conv_weight: weight } = c.input;
    const pooling = new AsppPooling(shapeOf(weight)[1] as number, shapeOf(weight)[0] as number, {
      rng: new Rng(0),
    });
    const state = await torchStateOf(pooling);
    const given = { data: Float32Array.from(flat(weight)), shape: shapeOf(weight) };
    loadWeights(pooling, { ...state, "1.weight": given });
    compare(
      c,
      "training",
      channelsFirst(training(pooling, () => pooling.forward(images(input)))),
      c.right.train_batch_2,
    );
    const after = await torchStateOf(pooling);
    compare(c, "running mean", [...(after["2.running_mean"]?.data ?? [])], c.right.running_mean_after);
    compare(c, "running variance", [...(after["2.running_var"]?.data ?? [])], c.right.running_var_after);
    const one = images([input[0]]);
    compare(c, "inference", channelsFirst(pooling.forward(one)), c.right.eval_batch_1_with_these);
    expect(() => training(pooling, () => pooling.forward(one))).toThrow(
      "more than one value per channel in training",
    );
  },
  "dilated-resnet": (c) => {
    const replaceStrideWithDilation = c.input.replace_stride_with_dilation;
    const model = withoutInit(() => resnet50({ rng: new Rng(0), replaceStrideWithDilation }));
    for (const [path, right] of Object.entries(c.right.stride_dilation_padding_of_3x3)) {
      const { stride, dilation, padding } = moduleAt(model, path) as Conv2d;
      expect([stride, dilation, padding].map(first), path).toEqual(right);
    }
    model.dispose();
  },
  "lovasz-softmax": (c) => {
    const { logits, target, ignore: ignoreIndex } = c.input;
    const loss = (x: Tensor) => lovaszSoftmax(x, labels(target), { ignoreIndex });
    compare(c, "loss", loss(images(logits)), c.right.loss);
    compare(c, "gradient", channelsFirst(gradient(loss)(images(logits))), c.right.grad_logits);
    const perImage = lovaszSoftmax(images(logits), labels(target), { ignoreIndex, perImage: true });
    compare(c, "per image", perImage, c.right.per_image_mean);
  },
  tversky: (c) => {
    const {
      probability,
      target,
      alpha_false_positive: alpha,
      beta_false_negative: beta,
      smooth: eps,
    } = c.input;
    const [p, y] = [probability, target].map((x: Numbers) => reshape(tensor(x), [1, x.length, 1])) as [
      Tensor,
      Tensor,
    ];
    const options = { eps, activation: "none" } as const;
    compare(c, "Tversky", tverskyLoss(p, y, { ...options, alpha, beta }), c.right.tversky_loss);
    compare(c, "Jaccard", softJaccardLoss(p, y, options), c.right.jaccard_loss);
    compare(c, "Dice", softDiceLoss(p, y, options), c.right.dice_loss);
  },
  "panoptic-quality": (c) => {
    const picture = (ids: Numbers, info: Numbers): PanopticPicture => ({
      ids: { data: Int32Array.from(flat(ids)), shape: shapeOf(ids) },
      segments: Object.fromEntries(
        Object.entries<Numbers>(info).map(([id, { cat, crowd = 0 }]) => [
          id,
          { category: cat, isCrowd: crowd === 1 },
        ]),
      ),
    });
    const {
      target_segments: right,
      predicted_segments: found,
      target_info: ofRight,
      predicted_info: ofFound,
    } = c.input;
    const quality = new PanopticQuality();
    quality.update(picture(right, ofRight), picture(found, ofFound));
    const scores = quality.scores();
    expect([...scores.keys()].map(String)).toEqual(Object.keys(c.right));
    for (const [category, { pq, sq, tp, fp, fn }] of scores) {
      const wanted = c.right[category];
      compare(
        c,
        `category ${category}`,
        [pq, sq, tp, fp, fn],
        [wanted.pq, wanted.sq, wanted.tp, wanted.fp, wanted.fn],
      );
    }
  },
  "mask-nearest-resize": (c) => {
    const { row_of_the_mask: row, size } = c.input;
    const own = { data: Int32Array.from(row as number[]), shape: [1, row.length] };
    const resized = (mode: "nearest" | "nearest-exact") => [...resizeMask(own, [1, size[1]], { mode }).data];
    const core = (mode: "nearest" | "nearest-exact") =>
      interpolate(reshape<Rank.R4>(tensor(row), [1, 1, row.length, 1]), { size: [1, size[1]], mode });
    expect(resized("nearest")).toEqual(c.right.torch_nearest);
    expect(resized("nearest")).toEqual(c.right.opencv_nearest);
    expect(resized("nearest-exact")).toEqual(c.right.torch_nearest_exact);
    expect(resized("nearest-exact")).toEqual(c.right.pillow_nearest);
    compare(c, "nearest", core("nearest"), c.right.torch_nearest);
    compare(c, "nearest-exact", core("nearest-exact"), c.right.torch_nearest_exact);
  },
};

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/golden/segmentation.json");

beforeAll(() => useBackend({ only: "wasm" }));

test.for(cases.map((c) => [c.id, c] as const))("%s", async ([, c]) => {
  const check = kinds[c.kind];
  expect(check, c.kind).toBeDefined();
  await check?.(c);
});
