import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape } from "./shape-error.ts";
import { checkTensor } from "./check-tensor.ts";

/** Throws a `ShapeError` unless all tensors have the shape of the first; and for what is not a tensor, a `StructError`. */
export function checkSameShape(caller: string, tensors: Readonly<Record<string, Tensor>>): void {
  const [[name, first] = ["", undefined], ...others] = Object.entries(tensors);
  checkTensor(caller, name, first);
  for (const [other, x] of others) checkShape(caller, other, x, first.shape);
}
