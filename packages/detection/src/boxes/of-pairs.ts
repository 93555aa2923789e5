import { type Tensor2D, tidy, transpose, zeros } from "@tensorflow/tfjs-core";
import { checkBoxes } from "./check-boxes.ts";
import { type Edges, edgesOf } from "./overlap.ts";

/** `f` of each pair of boxes, `[n, m]`: it gets the edges of boxes `[n, 4]` as columns, and of boxes `[m, 4]` as rows. */
export function ofPairs(
  caller: string,
  boxes1: Tensor2D,
  boxes2: Tensor2D,
  f: (a: Edges, b: Edges) => Tensor2D,
): Tensor2D {
  checkBoxes(caller, "boxes1", boxes1);
  checkBoxes(caller, "boxes2", boxes2);
  const [n, m] = [boxes1.shape[0], boxes2.shape[0]];
  if (n === 0 || m === 0) return zeros([n, m]);
  return tidy(() => f(edgesOf(boxes1), edgesOf(transpose(boxes2), 0))); // [n, 1] and [1, m] each
}
