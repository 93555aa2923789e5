import { checkChoice, checkFinite, checkOptions, checkPositive } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { hostIou } from "./host-iou.ts";
import { readBoxes } from "./read-boxes.ts";
import type { Rescored } from "./rescored.ts";

/** Options for {@link softNms}. */
export interface SoftNmsOptions {
  /** `"gaussian"`: `s exp(−IoU² / sigma)`; `"linear"`: `s (1 − IoU)` above the threshold. Default: `"gaussian"`. */
  readonly method?: "gaussian" | "linear";
  /** The width of `"gaussian"`. Default: 0.5. */
  readonly sigma?: number;
  /** The IoU above which `"linear"` lowers a score. Default: 0.3. */
  readonly iouThreshold?: number;
  /** Boxes whose score falls below it are dropped. Default: 0.001. */
  readonly minScore?: number;
}

/**
 * Soft non-maximum suppression: takes the box of the highest score and *lowers* the scores of those that overlap it, so that two objects that stand close
 * to each other may both stay. The next best one is searched after each.
 * Bodla et al., 2017. https://arxiv.org/abs/1704.04503
 *
 * @param boxes `[box, 4]`
 * @param scores `[box]`
 */
export async function softNms(
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
  options: SoftNmsOptions = {},
): Promise<Rescored> {
  checkOptions("softNms", options, ["method", "sigma", "iouThreshold", "minScore"]);
  const { method = "gaussian", sigma = 0.5, iouThreshold = 0.3, minScore = 0.001 } = options;
  checkChoice("softNms", "method", method, ["gaussian", "linear"]);
  checkPositive("softNms", { sigma });
  checkFinite("softNms", { iouThreshold, minScore });
  const weight =
    method === "gaussian"
      ? (iou: number) => Math.exp(-(iou * iou) / sigma)
      : (iou: number) => (iou > iouThreshold ? 1 - iou : 1);
  const host = await readBoxes("softNms", boxes, scores);
  const current = Float64Array.from(host.scores);
  const left = new Set(current.keys());
  const indices: number[] = [];
  for (;;) {
    const best = highest(left, current);
    if (best === undefined || !((current[best] ?? NaN) >= minScore)) break;
    left.delete(best);
    indices.push(best);
    for (const i of left) current[i] = (current[i] ?? NaN) * weight(hostIou(host.boxes, best, host.boxes, i));
  }
  return {
    indices: Int32Array.from(indices),
    scores: Float32Array.from(indices, (i) => current[i] ?? NaN),
  };
}

function highest(left: ReadonlySet<number>, scores: Float64Array): number | undefined {
  let best: number | undefined;
  for (const i of left) if (best === undefined || (scores[i] ?? NaN) > (scores[best] ?? NaN)) best = i;
  return best;
}
