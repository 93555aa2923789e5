// Boxes, their overlaps and the losses of overlaps: torchvision's numbers on both backends of Node.
import { useBackend } from "@pellucid/backends";
import { DtypeError, gradient, OptionError, ShapeError } from "@pellucid/core-train";
import * as detection from "@pellucid/detection";
import type { Boxes, BoxFormat, BoxUnit, Xyxy } from "@pellucid/detection";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import {
  type Rank,
  sum,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tensor3d,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Args {
  readonly from: BoxFormat;
  readonly to: BoxFormat;
  readonly reduction: "none" | "sum" | "mean";
}
type Any = Boxes<never, BoxUnit>;

const { boxIou, generalizedBoxIou, distanceBoxIou, completeBoxIou } = detection;
const pairs = { boxIou, generalizedBoxIou, distanceBoxIou, completeBoxIou };
const losses = {
  giou: detection.generalizedBoxIouLoss,
  diou: detection.distanceBoxIouLoss,
  ciou: detection.completeBoxIouLoss,
};

const calls: Readonly<Record<string, (args: Args, a: Tensor, b: Tensor) => Tensor>> = {
  boxConvert: ({ from, to }, a) => detection.boxConvert(a as Any, from as never, to),
  clipBoxesToImage: (_, a) => detection.clipBoxesToImage(a as Xyxy, [5, 4]),
  boxArea: (_, a) => detection.boxArea(a as Xyxy),
  boxIou: (_, a, b) => boxIou(a as Xyxy, b as Xyxy),
  generalizedBoxIou: (_, a, b) => generalizedBoxIou(a as Xyxy, b as Xyxy),
  distanceBoxIou: (_, a, b) => distanceBoxIou(a as Xyxy, b as Xyxy),
  completeBoxIou: (_, a, b) => completeBoxIou(a as Xyxy, b as Xyxy),
  generalizedBoxIouLoss: ({ reduction }, a, b) => losses.giou(a as Xyxy, b as Xyxy, { reduction }),
  distanceBoxIouLoss: ({ reduction }, a, b) => losses.diou(a as Xyxy, b as Xyxy, { reduction }),
  completeBoxIouLoss: ({ reduction }, a, b) => losses.ciou(a as Xyxy, b as Xyxy, { reduction }),
};

const { cases } = fixture<{ cases: TorchCase<Args>[] }>(import.meta.url, "../fixtures/torch/boxes.json");

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [titleOf(c), c] as const))("%s is torchvision's", (_, c) => {
    const call = calls[c.op] as (typeof calls)[string];
    checkAgainstTorch(c, (...inputs) => call(c.args, ...(inputs as [Tensor, Tensor])));
  });

  test("no boxes overlap none, and their mean loss is 0", () => {
    const [none, one] = [detection.xyxy([]), detection.xyxy([[0, 0, 1, 1]])];
    for (const overlap of Object.values(pairs)) {
      expect(overlap(none, one).shape).toEqual([0, 1]);
      expect(overlap(one, none).shape).toEqual([1, 0]);
    }
    for (const loss of Object.values(losses)) {
      expect(loss(none, none).shape).toEqual([0]);
      expect(loss(none, none, { reduction: "mean" })).toBeAllclose([0]);
      expect(loss(none, none, { reduction: "sum" })).toBeAllclose([0]);
    }
    expect(detection.boxArea(none).shape).toEqual([0]);
    expect(detection.boxConvert(none, "xyxy", "cxcywh").shape).toEqual([0, 4]);
    expect(detection.clipBoxesToImage(none, [3, 4]).shape).toEqual([0, 4]);
    expect(detection.toUnit(none, "xyxy", [3, 4]).shape).toEqual([0, 4]);
    expect(detection.masksToBoxes(zeros([0, 3, 4])).shape).toEqual([0, 4]);
  });
});

interface Golden<Input, Right> {
  readonly kind: string;
  readonly case: string;
  readonly input: Input;
  readonly right: Right;
  readonly tolerance: number;
}
type Rows = readonly (readonly (number | string)[])[];

function expectRows(found: Tensor, right: Rows, tolerance: number): void {
  expect(found).toBeAllclose(right.flat().map(Number), { rtol: tolerance, atol: tolerance });
}

const boxCases = fixture<Golden<Record<string, number[][]>, Record<string, Rows>>[]>(
  import.meta.url,
  "../fixtures/golden/boxes.json",
);

describe.each(boxCases.filter(({ kind }) => kind === "iou-degenerate"))(
  "$case",
  ({ input, right, tolerance }) => {
    test("boxes without area have the overlaps of torchvision", () => {
      const [a, b] = [detection.xyxy(input["boxes1"] ?? []), detection.xyxy(input["boxes2"] ?? [])];
      expectRows(detection.boxIou(a, b), right["torchvision_box_iou"] ?? [], tolerance);
      expectRows(
        detection.generalizedBoxIou(a, b),
        right["torchvision_generalized_box_iou"] ?? [],
        tolerance,
      );
    });
  },
);

test.each(boxCases.filter(({ kind }) => kind === "masks-to-boxes"))(
  "masks: $case",
  ({ input, right, tolerance }) => {
    const masks = tensor3d(input["masks"] as unknown as number[][][]);
    expectRows(detection.masksToBoxes(masks), right as unknown as Rows, tolerance);
  },
);

type LossCase = Golden<
  Record<string, number[][]>,
  Record<"giou" | "diou" | "ciou", { loss: number[]; grad_pred: number[][] }>
>;
const lossCases = fixture<LossCase[]>(import.meta.url, "../fixtures/golden/losses.json");

test.each(lossCases.filter(({ kind }) => kind === "iou-loss-gradients"))(
  "losses and gradients of boxes: $case",
  ({ input, right }) => {
    const [pred, target] = [detection.xyxy(input["pred"] ?? []), detection.xyxy(input["target"] ?? [])];
    for (const name of ["giou", "diou", "ciou"] as const) {
      const loss = losses[name];
      // a loss of 1 in 32 bits is known to 6e-8, and has passed through ten roundings
      const close = { rtol: 5e-7, atol: 3e-7 };
      expect(loss(pred, target)).toBeAllclose(right[name].loss, close);
      const gradients = gradient((boxes: Tensor2D) => sum(loss(boxes as Xyxy, target)))(pred);
      expect(gradients).toBeAllclose(right[name].grad_pred, close);
    }
  },
);

test("units: a box in fractions of an image and in its pixels", () => {
  const pixels = detection.xyxy([[10, 20, 30, 40]]);
  const unit = detection.toUnit(pixels, "xyxy", [50, 100]);
  expect(unit).toBeAllclose([0.1, 0.4, 0.3, 0.8]);
  expect(detection.toPixels(unit, "xyxy", [50, 100])).toBeAllclose([10, 20, 30, 40]);
  const yxyx = detection.boxConvert(unit, "xyxy", "yxyx");
  expect(yxyx).toBeAllclose([0.4, 0.1, 0.8, 0.3]);
  expect(detection.toPixels(yxyx, "yxyx", [50, 100])).toBeAllclose([20, 10, 40, 30]);
});

test("an empty mask has an empty box; a mask of one pixel too, at its index", () => {
  const masks = tensor3d([
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 2, 0],
    ],
  ]);
  expect(detection.masksToBoxes(masks)).toBeAllclose([
    [0, 0, 0, 0],
    [1, 1, 1, 1],
  ]);
});

test("boxes with a side below the least are left out", async () => {
  const boxes = detection.xyxy([
    [0, 0, 1, 1],
    [0, 0, 0.5, 3],
    [0, 0, 2, 2],
    [3, 3, 1, 1],
  ]);
  expect([...(await detection.removeSmallBoxes(boxes, 1))]).toEqual([0, 2]);
});

test("wrong boxes are errors", () => {
  const boxes = detection.xyxy([[0, 0, 1, 1]]);
  expect(() => detection.xyxy([[0, 0, 1]])).toThrow(
    new ShapeError("xyxy: boxes is [1, 3], expected [box, 4]."),
  );
  expect(() => detection.cxcywh(tensor2d([[1, 2]]))).toThrow(ShapeError);
  expect(() => detection.boxIou(boxes, tensor1d([1]) as never)).toThrow(
    new ShapeError("boxIou: boxes2 is [1], expected [box, 4]."),
  );
  expect(() => detection.boxArea(tensor2d([[1, 2, 3, 4]], [1, 4], "int32") as never)).toThrow(DtypeError);
  expect(() => detection.boxConvert(boxes, "xyxy", "corners" as never)).toThrow(
    new OptionError("boxConvert", "to", '"corners"', '"xyxy", "xywh", "cxcywh" or "yxyx"'),
  );
  expect(() => detection.completeBoxIouLoss(boxes, detection.xyxy([]))).toThrow(
    "completeBoxIouLoss: boxes2 is [0, 4], expected [1, 4].",
  );
  expect(() => detection.distanceBoxIouLoss(boxes, boxes, { reduction: "avg" as never })).toThrow(
    OptionError,
  );
});

test("nothing is leaked, also by an error", () => {
  const [boxes, others] = [detection.xyxy([[0, 0, 1, 1]]), detection.xyxy([[0, 0, 1, 3]])];
  for (const overlap of Object.values(pairs)) expect(() => overlap(boxes, others)).toLeakNothing();
  for (const loss of Object.values(losses)) expect(() => loss(boxes, others)).toLeakNothing();
  expect(() => detection.boxArea(boxes)).toLeakNothing();
  expect(() => detection.boxConvert(boxes, "xyxy", "xywh")).toLeakNothing();
  expect(() => detection.clipBoxesToImage(boxes, [1, 1])).toLeakNothing();
  expect(() => detection.toUnit(boxes, "xyxy", [1, 1])).toLeakNothing();
  expect(() => detection.xyxy([[0, 0, 1, 1]])).toLeakNothing();
  const masks = zeros<Rank.R3>([2, 3, 3]);
  expect(() => detection.masksToBoxes(masks)).toLeakNothing();
});
