import { boxConvert, boxIou, cxcywh, nms, toUnit, xyxy, yxyx } from "@pellucid/detection";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { test } from "vitest";

test("boxes of different conventions cannot be mixed", () => {
  const [corners, centers, unit] = [
    xyxy([[0, 0, 1, 1]]),
    cxcywh([[0, 0, 1, 1]]),
    xyxy([[0, 0, 1, 1]], "unit"),
  ];
  boxIou(corners, boxConvert(centers, "cxcywh", "xyxy"));
  boxIou(toUnit(corners, "xyxy", [4, 4]), unit);
  // @ts-expect-error centers and sizes are not corners
  boxIou(corners, centers);
  // @ts-expect-error TensorFlow's order
  boxIou(corners, yxyx([[0, 0, 1, 1]]));
  // @ts-expect-error pixels and fractions
  boxIou(corners, unit);
  // @ts-expect-error a tensor of which nothing is known
  boxIou(corners, tensor2d([[0, 0, 1, 1]]));
  // @ts-expect-error they are centers and sizes
  boxConvert(centers, "xyxy", "xywh");
  // @ts-expect-error they are fractions already
  toUnit(unit, "xyxy", [4, 4]);
  // @ts-expect-error corners are needed
  void nms(centers, tensor1d([1]), 0.5);
});
