import { amax, amin, checkChoice, checkNotNegative, checkOptions, oneHot } from "@pellucid/core-train";
import {
  add,
  any,
  argMax,
  cast,
  expandDims,
  fill,
  greater,
  less,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import type { Distance } from "./distance.ts";
import type { PairMiner } from "./pair-loss-options.ts";
import { allPairs, tripletsOf } from "./pairs.ts";

/**
 * Chooses triplets of a batch, without a gradient.
 *
 * @param distances `[batch, batch]`
 * @returns `[anchor, positive, negative]`, 1 where they are a triplet that counts
 */
export type TripletMiner = (distances: Tensor2D, labels: Tensor, distance: Distance) => Tensor3D;

/** Every triplet that the labels make. */
export function allTriplets(): TripletMiner {
  return (_, labels) => tidy(() => tripletsOf(allPairs(labels)));
}

/**
 * Each anchor with its farthest positive and its nearest negative. An anchor without one of them has no triplet. Of distances that tie, the first.
 *
 * Hermans et al., 2017, eq. 5. https://arxiv.org/abs/1703.07737
 */
export function batchHard(): TripletMiner {
  return (distances, labels, { isSimilarity }) =>
    tidy(() => {
      const { positive, negative } = allPairs(labels);
      const far = isSimilarity ? neg(distances) : distances;
      return tripletsOf({ positive: highest(far, positive), negative: highest(neg(far), negative) });
    });
}

/** Options for {@link marginMiner}. */
export interface MarginMinerOptions {
  /**
   * `"semi-hard"`: the negative is farther than the positive, but within the margin; `"hard"`: it is nearer; `"all"`: both; `"easy"`: it is beyond the margin. Default: `"all"`.
   */
  readonly kind?: "all" | "hard" | "semi-hard" | "easy";
  /** Default: 0.2. */
  readonly margin?: number;
}

/**
 * The triplets whose negative is in some relation to the positive: pytorch-metric-learning's `TripletMarginMiner`. Schroff et al., 2015, section 3.2. https://arxiv.org/abs/1503.03832
 *
 * @throws {OptionError} for a wrong option
 */
export function marginMiner(options: MarginMinerOptions = {}): TripletMiner {
  checkOptions("marginMiner", options, ["kind", "margin"]);
  const { kind = "all", margin = 0.2 } = options;
  checkChoice("marginMiner", "kind", kind, ["all", "hard", "semi-hard", "easy"]);
  checkNotNegative("marginMiner", { margin });
  return (distances, labels, { isSimilarity }) =>
    tidy(() => {
      const [toPositive, toNegative] = [expandDims(distances, 2), expandDims(distances, 1)];
      const gap = isSimilarity ? sub(toPositive, toNegative) : sub(toNegative, toPositive); // [anchor, positive, negative]
      const within = {
        all: () => lessEqual(gap, margin),
        hard: () => lessEqual(gap, Math.min(0, margin)),
        "semi-hard": () => logicalAnd(lessEqual(gap, margin), greater(gap, 0)),
        easy: () => greater(gap, margin),
      };
      return mul<Tensor3D>(tripletsOf(allPairs(labels)), cast(within[kind](), "float32"));
    });
}

/** Options for {@link batchEasyHard}. */
export interface BatchEasyHardOptions {
  /** Which positive of each anchor. Default: `"easy"`, the nearest. */
  readonly positive?: "easy" | "hard";
  /** Which negative: `"semi-hard"` is the nearest that is farther than the positive. Default: `"semi-hard"`. */
  readonly negative?: "easy" | "semi-hard" | "hard";
}

/**
 * One triplet per anchor, with an easy or hard positive and an easy, semi-hard or hard negative. Xuan et al., 2020. https://arxiv.org/abs/1904.04370
 *
 * @throws {OptionError} for a wrong option
 */
export function batchEasyHard(options: BatchEasyHardOptions = {}): TripletMiner {
  checkOptions("batchEasyHard", options, ["positive", "negative"]);
  const { positive: ofPositive = "easy", negative: ofNegative = "semi-hard" } = options;
  checkChoice("batchEasyHard", "positive", ofPositive, ["easy", "hard"]);
  checkChoice("batchEasyHard", "negative", ofNegative, ["easy", "semi-hard", "hard"]);
  return (distances, labels, { isSimilarity }) =>
    tidy(() => {
      const { positive, negative } = allPairs(labels);
      const far = (isSimilarity ? neg(distances) : distances) as Tensor2D;
      const chosen = highest(ofPositive === "hard" ? far : neg(far), positive); // [batch, batch]
      if (ofNegative !== "semi-hard")
        return tripletsOf({
          positive: chosen,
          negative: highest(ofNegative === "hard" ? neg(far) : far, negative),
        });
      const threshold = amax(where(greater(chosen, 0), far, fill(far.shape, -Infinity)), 1, true); // [batch, 1]
      const beyond = mul<Tensor2D>(negative, cast(greater(far, threshold), "float32"));
      return tripletsOf({ positive: chosen, negative: highest(neg(far), beyond) });
    });
}

/** Options for {@link multiSimilarityMiner}. */
export interface MultiSimilarityMinerOptions {
  /** How much easier than the hardest pair of the other kind a pair may be. Default: 0.1. */
  readonly epsilon?: number;
}

/**
 * Negatives that are nearer than the farthest positive, and positives that are farther than the nearest negative, within `epsilon`. Wang et al., 2019, eqs. 11–12. https://arxiv.org/abs/1904.06627
 *
 * @throws {OptionError} for a wrong option
 */
export function multiSimilarityMiner(options: MultiSimilarityMinerOptions = {}): PairMiner {
  checkOptions("multiSimilarityMiner", options, ["epsilon"]);
  const { epsilon = 0.1 } = options;
  checkNotNegative("multiSimilarityMiner", { epsilon });
  return (distances, labels, { isSimilarity }) =>
    tidy(() => {
      const { positive, negative } = allPairs(labels);
      const near = isSimilarity ? distances : neg(distances); // [batch, batch]
      const nearestNegative = amax(where(greater(negative, 0), near, fill(near.shape, -Infinity)), 1, true);
      const farthestPositive = amin(where(greater(positive, 0), near, fill(near.shape, Infinity)), 1, true);
      const hardPositive = cast(less(sub(near, epsilon), nearestNegative), "float32");
      const hardNegative = cast(greater(add(near, epsilon), farthestPositive), "float32");
      return {
        positive: mul<Tensor2D>(positive, hardPositive),
        negative: mul<Tensor2D>(negative, hardNegative),
      };
    });
}

/** Of each row the highest that the mask keeps, as a mask; none where it keeps none. */
function highest(x: Tensor, mask: Tensor2D): Tensor2D {
  const keeps = greater(mask, 0);
  const best = argMax(where(keeps, x, fill(x.shape, -Infinity)), 1); // [batch]
  return mul<Tensor2D>(oneHot(best, mask.shape[1]), cast(any(keeps, 1, true), "float32"));
}
