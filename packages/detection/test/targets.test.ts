// Pictures without objects, detectors that find nothing, and targets that cannot be right.
import { useBackend } from "@pellucid/backends";
import {
  EmptyBatchError,
  LabelError,
  OptionError,
  Rng,
  ShapeError,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  AnchorGenerator,
  BalancedPositiveNegativeSampler,
  BoxCoder,
  boxArray,
  deformConv2d,
  DefaultBoxGenerator,
  type DetectionTarget,
  GeneralizedRCNNTransform,
  Matcher,
  MultiScaleRoIAlign,
  pasteMasksInImage,
  psRoiPool,
  roiAlign,
  roiPool,
  SSDMatcher,
  totalLoss,
} from "@pellucid/detection";
import { dispose, memory, ones, tensor2d, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { detectors } from "./detectors/detectors.ts";
import { pictures, targets } from "./detectors/pictures.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const nothing = (sizes: readonly (readonly [number, number])[]): DetectionTarget[] =>
  sizes.map(([height, width]) => ({
    boxes: [],
    labels: [],
    masks: { data: new Uint8Array(), shape: [0, height, width] },
    keypoints: { data: new Float32Array(), shape: [0, 3, 3] },
  }));

describe.each(Object.entries(detectors))("%s", (_, make) => {
  test("trains on pictures without objects, with finite losses and gradients", async () => {
    const before = memory().numTensors;
    const model = make(new Rng(0));
    const images = pictures();
    const empty = nothing([
      [60, 80],
      [70, 50],
    ]);
    const { value, gradients } = valueAndGradients(trainable(model), () =>
      totalLoss(model.losses(images, empty)),
    );
    const numbers = await Promise.all([value, ...Object.values(gradients)].map((x) => x.data()));
    expect(numbers.every((values) => Array.from(values).every(Number.isFinite))).toBe(true);
    const [, second] = targets();
    const mixed = model.losses(images, [empty[0] as DetectionTarget, second as DetectionTarget]);
    expect(Number.isFinite((await totalLossOf(mixed))[0])).toBe(true);
    dispose([value, ...Object.values(gradients), ...images]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("refuses targets that cannot be right, and leaks nothing", () => {
    const model = make(new Rng(0));
    const images = pictures();
    const [first, second] = targets() as [DetectionTarget, DetectionTarget];
    const wrong: readonly (readonly [DetectionTarget[], new (...args: never[]) => Error, string])[] = [
      [[first], ShapeError, "there are 1 targets, expected 2, one per picture."],
      [[first, { ...second, labels: [1, 1] }], ShapeError, "target 1 has 2 labels, expected 1, one per box."],
      [[first, { ...second, labels: [3] }], LabelError, "label 0 of target 1 is 3, expected"],
      [[first, { ...second, labels: [1.5] }], LabelError, "label 0 of target 1 is 1.5, expected"],
      [
        [first, { ...second, boxes: [[5, 5, 5, 9]] }],
        OptionError,
        "box 0 of target 1 is [5, 5, 5, 9], expected x1 < x2",
      ],
      [[first, { ...second, boxes: [[5, Number.NaN, 8, 9]] }], OptionError, "expected finite coordinates"],
      [[first, { ...second, boxes: [[5, 5, 8]] }], ShapeError, "expected [box, 4]"],
    ];
    for (const [given, type, message] of wrong) {
      const losses = () => model.losses(images, given);
      expect(losses).toThrow(type);
      expect(losses).toThrow(message);
      expect(() => {
        try {
          losses();
        } catch {
          return;
        }
      }).toLeakNothing();
    }
    dispose(images);
    model.dispose();
  });

  test("finds nothing above a score that nothing has", async () => {
    const model = make(new Rng(0));
    Object.assign("roiHeads" in model ? (model.roiHeads as object) : model, { scoreThresh: 1 });
    const images = pictures();
    const before = memory().numTensors;
    for (const { boxes, scores, labels } of await model.detect(images)) {
      expect(boxes.shape).toEqual([0, 4]);
      expect([scores.length, labels.length]).toEqual([0, 0]);
    }
    await expect(model.detect([])).rejects.toThrow(EmptyBatchError);
    await expect(model.detect([zeros([4, 4, 1])])).rejects.toThrow(
      "image 0 is [4, 4, 1], expected [height, width, 3]",
    );
    expect(memory().numTensors).toBe(before + 1);
    dispose(images);
    model.dispose();
  });
});

async function totalLossOf(losses: Parameters<typeof totalLoss>[0]): Promise<ArrayLike<number>> {
  const total = totalLoss(losses);
  const values = await total.data();
  dispose([total, ...Object.values(losses).filter((loss) => loss !== undefined)]);
  return values;
}

test("masks and keypoints are refused where they are missing or of another size", () => {
  const images = pictures();
  const mask = detectors["mask"]?.(new Rng(0));
  const keypoint = detectors["keypoint"]?.(new Rng(0));
  const [first, second] = targets() as [DetectionTarget, DetectionTarget];
  const { masks: _masks, ...unmasked } = second;
  const { keypoints: _keypoints, ...pointless } = second;
  expect(() => mask?.losses(images, [first, unmasked])).toThrow("the masks of target 1 is undefined");
  const masks = { data: new Uint8Array(4), shape: [1, 2, 2] };
  expect(() => mask?.losses(images, [first, { ...second, masks }])).toThrow(
    "the masks of target 1 are [1, 2, 2], expected [1, 70, 50], as large as the picture.",
  );
  expect(() => keypoint?.losses(images, [first, pointless])).toThrow(
    "the keypoints of target 1 is undefined",
  );
  const keypoints = { data: new Float32Array(6), shape: [1, 2, 3] };
  expect(() => keypoint?.losses(images, [first, { ...second, keypoints }])).toThrow(
    "the keypoints of target 1 are [1, 2, 3], expected [1, 3, 3].",
  );
  dispose(images);
  mask?.dispose();
  keypoint?.dispose();
});

describe("what regions are pooled from", () => {
  const x = (): Tensor4D => ones([1, 4, 4, 4]);
  const ops = { roiAlign, roiPool, psRoiPool };

  test.each(Object.entries(ops))("%s of no region is empty", (_, op) => {
    const map = x();
    const pooled = op(map, [boxArray(new Float32Array())], 2);
    expect(pooled.shape.slice(0, 3)).toEqual([0, 2, 2]);
    dispose([map, pooled]);
  });

  test.each(Object.entries(ops))("%s takes boxes per image, and frees what it makes", (_, op) => {
    const map = x();
    const boxes = tensor2d([[0, 0, 3, 3]]);
    expect(() => op(map, [boxes], 2)).toLeakNothing();
    dispose([map, boxes]);
  });

  test.each(Object.entries(ops))("%s refuses regions that cannot be", (_, op) => {
    const map = x();
    const region = (row: number[]) => ({ data: Float32Array.from(row), shape: [1, row.length] });
    expect(() => op(map, region([0, 0, 0, 1]), 2)).toThrow("rois is [1, 4], expected [region, 5]");
    expect(() => op(map, region([1, 0, 0, 1, 1]), 2)).toThrow(
      "the image of region 0 is 1, expected an index of an image, 0 to 0",
    );
    expect(() => op(map, region([0, 0, 0, Number.NaN, 1]), 2)).toThrow("expected finite coordinates");
    expect(() => op(map, [], 2)).toThrow("rois has boxes of 0 images, expected 1");
    expect(() => op(map, region([0, 0, 0, 1, 1]), 0)).toThrow("outputSize is 0, expected an integer above 0");
    map.dispose();
  });

  test("position-sensitive pooling needs channels for each bin", () => {
    const map = x();
    expect(() => psRoiPool(map, [boxArray(new Float32Array())], 3)).toThrow(
      "psRoiPool: x has 4 channels, expected a multiple of the 9 bins of the output [3, 3].",
    );
    map.dispose();
  });

  test("a deformable convolution refuses shapes that do not fit together", () => {
    const map = x();
    const weight: Tensor4D = ones([3, 3, 4, 2]);
    const offset: Tensor4D = zeros([1, 2, 2, 18]);
    expect(() => deformConv2d(map, offset, weight, { padding: 1 })).toThrow(
      "offset is [1, 2, 2, 18], expected [1, 4, 4, 18]",
    );
    expect(() => deformConv2d(map, offset, ones([3, 3, 3, 2]))).toThrow(ShapeError);
    expect(() => deformConv2d(map, offset, ones([7, 7, 4, 2]))).toThrow("the window of 7 does not fit");
    expect(() => deformConv2d(map, offset, weight)).toLeakNothing();
    dispose([map, weight, offset]);
  });
});

test("matchers, coders, samplers and generators name what is wrong", () => {
  const rng = new Rng(0);
  expect(() => new Matcher(0.3, 0.7)).toThrow("lowThreshold is 0.7, expected 0.3 at most");
  expect(() => new Matcher(0.7, 0.3).match({ data: new Float32Array(), shape: [0, 3] })).toThrow(
    EmptyBatchError,
  );
  expect(() => new SSDMatcher(0.5).match({ data: new Float32Array(), shape: [2, 0] })).toThrow(
    EmptyBatchError,
  );
  expect(() => new BoxCoder([1, 1, 0, 1])).toThrow("weights is 0, expected a number above 0");
  const one = boxArray(Float32Array.of(0, 0, 1, 1));
  expect(() => new BoxCoder().encode(boxArray(new Float32Array(8)), one)).toThrow(
    "boxes is [2, 4], expected [1, 4]",
  );
  expect(() => new BalancedPositiveNegativeSampler(8, 2, { rng })).toThrow("positiveFraction is 2");
  expect(() => new AnchorGenerator([[8], [16]], [[1], [1], [1]])).toThrow("aspectRatios is of 3 maps");
  expect(() => new AnchorGenerator([[8]]).generate([8, 8], [])).toThrow(
    "there are 0 feature maps, expected 1",
  );
  expect(() => new DefaultBoxGenerator([[2]], { scales: [1] })).toThrow("scales is 1 numbers, expected 2");
  expect(() => new MultiScaleRoIAlign([], 7, 2)).toThrow("featmapNames is empty");
  expect(() => new MultiScaleRoIAlign(["p2"], 7, 2).pool({}, [], [[8, 8]])).toThrow('featmapNames is "p2"');
  expect(() => new GeneralizedRCNNTransform([], 96, { rng })).toThrow(
    "minSize is empty, expected one size at least",
  );
  expect(() => pasteMasksInImage({ data: new Float32Array(6), shape: [1, 2, 3] }, one, [4, 4])).toThrow(
    ShapeError,
  );
});

test("a sampler draws in the order of torch.randperm, and at most as many as there are", () => {
  // torch.manual_seed(0); torch.randperm(4) is [0, 1, 3, 2], and torch.randperm(5) after it [0, 4, 2, 1, 3]
  const { positive, negative } = new BalancedPositiveNegativeSampler(4, 0.5, { rng: new Rng(0) }).sample([
    1, 0, 2, 0, -1, 0, 3, 0, 1, 0,
  ]);
  expect([...positive]).toEqual([0, 2]);
  expect([...negative]).toEqual([1, 9]);
  const few = new BalancedPositiveNegativeSampler(256, 0.5, { rng: new Rng(0) }).sample([1, 0, -1]);
  expect([[...few.positive], [...few.negative]]).toEqual([[0], [1]]);
});
