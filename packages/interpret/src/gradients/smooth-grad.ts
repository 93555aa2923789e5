import { checkArguments, checkOptions, checkRng } from "@pellucid/core-train";
import type { Structured } from "@pellucid/core-train";
import { saliency } from "./saliency.ts";
import type { Score } from "../score/score.ts";
import { smooth, type SmoothOptions } from "./smooth.ts";

/** {@link saliency} averaged over noisy copies of the input, with its signs; see {@link smooth}. */
export function smoothGrad<X extends Structured<X>>(
  score: Score<X>,
  options: SmoothOptions,
): (x: X) => Promise<X> {
  checkArguments("smoothGrad", { function: { score } });
  checkRng("smoothGrad", options);
  checkOptions("smoothGrad", options, [
    "combine",
    "rng",
    "samples",
    "noise",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  return smooth(saliency(score), options);
}
