import { clamp, maximum, minimum, OptionError } from "@pellucid/core-train";
import { add, div, mul, split, sub, type Tensor3D } from "@tensorflow/tfjs-core";

/** `x1, y1, x2, y2` in pixels. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** Throws an {@link OptionError} unless a box has an area. */
export function checkBox(caller: string, box: Box): void {
  const [x1, y1, x2, y2] = box;
  if (box.length === 4 && box.every(Number.isFinite) && x2 > x1 && y2 > y1) return;
  throw new OptionError(caller, "box", `[${box.join(", ")}]`, "x1, y1, x2, y2 with x1 < x2 and y1 < y2");
}

/**
 * `[batch, anchor, 1]`: the IoU of each box with one box. To be called in a `tidy`.
 *
 * @param boxes `[batch, anchor, 4]`
 */
export function overlapWith(boxes: Tensor3D, [x1, y1, x2, y2]: Box): Tensor3D {
  const [left, top, right, bottom] = split(boxes, 4, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D]; // [batch, anchor, 1] each
  const width = clamp<Tensor3D>(sub(minimum(right, x2), maximum(left, x1)), 0, Infinity);
  const height = clamp<Tensor3D>(sub(minimum(bottom, y2), maximum(top, y1)), 0, Infinity);
  const shared = mul<Tensor3D>(width, height);
  const area = mul<Tensor3D>(sub(right, left), sub(bottom, top));
  return div(shared, sub(add(area, (x2 - x1) * (y2 - y1)), shared));
}
