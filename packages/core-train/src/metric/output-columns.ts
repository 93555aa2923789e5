import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { checkTensor } from "../check-tensor.ts";

/** How many outputs each example has: `[batch]` has one, `[batch, output]` as many as it says. */
export function outputColumns(caller: string, prediction: Tensor): number {
  checkTensor(caller, "prediction", prediction);
  const { shape } = prediction;
  if (shape.length === 1) return 1;
  if (shape.length === 2) return shape[1] ?? 0;
  throw new ShapeError(
    `${caller}: prediction is [${shape.join(", ")}], expected [batch] or [batch, output].`,
  );
}
