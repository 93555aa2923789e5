import { type Tensor3D, tidy, transpose } from "@tensorflow/tfjs-core";
import { isTraining } from "../../module/training.ts";
import type { Dropout } from "../dropout.ts";

/**
 * Dropout of what an attention gives, with PyTorch's draws: its attention has the time first inside, and dropout draws in the
 * order in which the numbers lie in memory.
 *
 * @param x `[batch, time, feature]`
 */
export function dropAttended(x: Tensor3D, dropout: Dropout): Tensor3D {
  if (!isTraining(dropout) || dropout.p === 0) return dropout.forward(x);
  return tidy(() => transpose(dropout.forward(transpose(x, [1, 0, 2])), [1, 0, 2]));
}
