import type { Tensor } from "@tensorflow/tfjs-core";
import { saliency } from "./saliency.ts";
import type { Score } from "../score/score.ts";
import { smooth, type SmoothOptions } from "./smooth.ts";

/** {@link saliency}, averaged over noisy copies of its input with its signs; see {@link smooth}. */
export function smoothGrad<X extends Tensor>(score: Score<X>, options: SmoothOptions): (x: X) => Promise<X> {
  return smooth(saliency(score), options);
}
