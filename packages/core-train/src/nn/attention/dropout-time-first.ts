import { type Tensor3D, tidy, transpose } from "@tensorflow/tfjs-core";
import { isTraining } from "../../module/training.ts";
import type { Dropout } from "../dropout.ts";
import { checkTensor } from "../../check-tensor.ts";
import { checkRecord } from "../../check-record.ts";

/**
 * Dropout of an attention layer's output with PyTorch's draws. PyTorch's output has time as its first axis in memory, and dropout
 * draws in the order of memory.
 *
 * @param x `[batch, time, feature]`
 */
export function dropoutTimeFirst(x: Tensor3D, dropout: Dropout): Tensor3D {
  checkTensor("dropoutTimeFirst", "x", x);
  checkRecord("dropoutTimeFirst", "dropout", dropout, ["forward"]);
  if (!isTraining(dropout) || dropout.p === 0) return dropout.forward(x);
  return tidy(() => transpose(dropout.forward(transpose(x, [1, 0, 2])), [1, 0, 2]));
}
