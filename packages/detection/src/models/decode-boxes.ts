import { minimum } from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  mul,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { BoxArray } from "../anchors/box-array.ts";
import type { BoxCoder } from "../anchors/box-coder.ts";

/** {@link BoxCoder.decode} with a gradient: `[box, 4]`. To be called in a `tidy`. */
export function decodeBoxes(
  codes: Tensor2D,
  references: BoxArray,
  { weights, bboxXformClip }: BoxCoder,
): Tensor2D {
  const rows = Array.from({ length: references.data.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = references.data.subarray(4 * i, 4 * i + 4);
    return [x1 + 0.5 * (x2 - x1), y1 + 0.5 * (y2 - y1), x2 - x1, y2 - y1];
  });
  const boxes = tensor2d(rows);
  const columns = (x: Tensor2D, from: number): Tensor2D => slice(x, [0, from], [-1, 2]);
  const scaled = mul<Tensor2D>(codes, tensor2d([weights.map((weight) => 1 / weight)]));
  const center = add(mul(columns(scaled, 0), columns(boxes, 2)), columns(boxes, 0)); //              [box, 2]
  const size: Tensor = mul(exp(minimum(columns(scaled, 2), bboxXformClip)), columns(boxes, 2)); // [box, 2]
  return concat<Tensor2D>([sub(center, mul(size, 0.5)), add(center, mul(size, 0.5))], 1);
}
