import type { Structured } from "@pellucid/core-train";
import { saliency } from "./saliency.ts";
import type { Score } from "../score/score.ts";
import { smooth, type SmoothOptions } from "./smooth.ts";

/** {@link saliency} averaged over noisy copies of the input, with its signs; see {@link smooth}. */
export function smoothGrad<X extends Structured<X>>(
  score: Score<X>,
  options: SmoothOptions,
): (x: X) => Promise<X> {
  return smooth(saliency(score), options);
}
