import { roll } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** An image moved down and to the right; what goes out on one side comes in on the other. */
export function shiftImage(image: Tensor4D, down: number, right: number): Tensor4D {
  return roll(roll(image, down, 1), right, 2);
}
