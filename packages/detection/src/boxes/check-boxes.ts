import { checkShape, DtypeError } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Throws unless `boxes` is `float32[box, 4]`, `count` boxes if it is given. */
export function checkBoxes(
  caller: string,
  name: string,
  boxes: Tensor,
  count: number | string = "box",
): void {
  checkShape(caller, name, boxes, [count, 4]);
  if (boxes.dtype !== "float32")
    throw new DtypeError(
      `${caller}: ${name} is ${boxes.dtype}, expected float32. Use cast(${name}, "float32").`,
    );
}
