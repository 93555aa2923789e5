import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";

/** How many outputs each example has: `[batch]` has one, `[batch, output]` as many as it says. */
export function outputColumns(caller: string, { shape }: Tensor): number {
  if (shape.length === 1) return 1;
  if (shape.length === 2) return shape[1] ?? 0;
  throw new ShapeError(
    `${caller}: prediction is [${shape.join(", ")}], expected [batch] or [batch, output].`,
  );
}
