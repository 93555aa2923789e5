import { checkChoice, checkFinite, checkOptions, checkPositive, checkShape } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";
import type { Boxes, BoxUnit } from "../boxes/boxes.ts";
import { hostIou } from "./host-iou.ts";
import { orderByScore } from "./order-by-score.ts";
import { readBoxes } from "./read-boxes.ts";
import type { Rescored } from "./rescored.ts";

/** Options for {@link matrixNms}. */
export interface MatrixNmsOptions {
  /** The weight of an overlap, `exp(−IoU² / sigma)` or `1 − IoU`. Default: `"gaussian"`. */
  readonly method?: "gaussian" | "linear";
  /** The width of `"gaussian"`. Default: 0.5. */
  readonly sigma?: number;
  /** Boxes whose new score is below it are dropped. Default: 0, none. */
  readonly minScore?: number;
  /** `[box]` classes, which do not lower each other's scores. Default: all of one. */
  readonly classes?: Tensor1D;
}

/**
 * Matrix non-maximum suppression: each score is multiplied by `min f(IoU with a better box i) / f(the largest IoU of i with one better than i)`. All boxes at
 * once: none waits for another to be dropped.
 * Wang et al., 2020, eq. 5. https://arxiv.org/abs/2003.10152
 *
 * @param boxes `[box, 4]`
 * @param scores `[box]`
 */
export async function matrixNms(
  boxes: Boxes<"xyxy", BoxUnit>,
  scores: Tensor1D,
  options: MatrixNmsOptions = {},
): Promise<Rescored> {
  checkOptions("matrixNms", options, ["method", "sigma", "minScore", "classes"]);
  const { method = "gaussian", sigma = 0.5, minScore = 0, classes } = options;
  checkChoice("matrixNms", "method", method, ["gaussian", "linear"]);
  checkPositive("matrixNms", { sigma });
  checkFinite("matrixNms", { minScore });
  if (classes !== undefined) checkShape("matrixNms", "classes", classes, [boxes.shape[0]]);
  const [host, labels] = await Promise.all([readBoxes("matrixNms", boxes, scores), classes?.data()]);
  const order = orderByScore(host.scores);
  const worst = new Float64Array(order.length);
  const rescored = order.reduce((to, j, rank) => {
    let decay = 1;
    for (let i = 0; i < rank; i++) {
      const better = order[i] ?? NaN;
      const iou = labels?.[better] === labels?.[j] ? hostIou(host.boxes, better, host.boxes, j) : 0;
      decay = Math.min(decay, relativeWeight(iou, worst[i] ?? NaN, method, sigma));
      worst[rank] = Math.max(worst[rank] ?? NaN, iou);
    }
    to[j] = (host.scores[j] ?? NaN) * decay;
    return to;
  }, new Float32Array(order.length));
  const indices = orderByScore(rescored).filter((i) => (rescored[i] ?? NaN) >= minScore);
  return { indices, scores: Float32Array.from(indices, (i) => rescored[i] ?? NaN) };
}

/** `f(iou) / f(own)`. */
function relativeWeight(iou: number, own: number, method: "gaussian" | "linear", sigma: number): number {
  if (method === "gaussian") return Math.exp((own * own - iou * iou) / sigma);
  return own < 1 ? (1 - iou) / (1 - own) : 1;
}
