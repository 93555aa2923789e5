import { checkArguments, checkRecord, DataError, OptionError } from "@pellucid/core-train";

/** How well a threshold on a score separates pairs of one class from the others. */
export interface Verification {
  /** Scores from which on a pair is accepted, falling; the first accepts none. */
  readonly thresholds: readonly number[];
  /** The false accept rate at each threshold: the share of different pairs that are accepted. */
  readonly far: readonly number[];
  /** The true accept rate at each threshold. */
  readonly tar: readonly number[];
  /** The area under `tar` over `far`: the probability that a pair of one class has the higher score, ties counting half. */
  readonly auc: number;
  /** The equal error rate, where as many are falsely accepted as falsely rejected, by linear interpolation. */
  readonly eer: number;
  /** The threshold nearest to it. */
  readonly eerThreshold: number;
}

/**
 * The ROC curve of verification. Pairs of equal scores are accepted together, so the order of the pairs does not matter.
 *
 * @param scores higher for pairs of one class: similarities, or negative distances
 * @param same 1 or `true` where a pair is of one class
 * @throws {DataError} without a pair of one class or without one of different classes, or for NaN
 * @throws {StructError} for what is not numbers
 */
export function verification(scores: ArrayLike<number>, same: ArrayLike<number | boolean>): Verification {
  checkArguments("verification", { numbers: { scores }, iterable: { same } });
  const pairs = Array.from(scores, (score, i) => ({ score, isSame: Number(same[i]) === 1 }));
  if (scores.length !== same.length)
    throw new DataError(
      `verification: ${scores.length} scores, expected one for each of ${same.length} pairs.`,
    );
  const wrong = pairs.findIndex(({ score }) => Number.isNaN(score));
  if (wrong !== -1) throw new DataError(`verification: score ${wrong} is NaN, expected a number.`);
  const positives = pairs.filter(({ isSame }) => isSame).length;
  const negatives = pairs.length - positives;
  if (positives === 0 || negatives === 0)
    throw new DataError(
      `verification: ${positives} pairs of one class and ${negatives} of different ones, expected some of both.`,
    );
  const sorted = pairs.toSorted((a, b) => b.score - a.score);
  const thresholds = [Infinity];
  const [far, tar] = [[0], [0]];
  let [accepted, right] = [0, 0];
  for (const [i, { score, isSame }] of sorted.entries()) {
    accepted++;
    if (isSame) right++;
    if (sorted[i + 1]?.score === score) continue;
    thresholds.push(score);
    far.push((accepted - right) / negatives);
    tar.push(right / positives);
  }
  const auc = far.reduce(
    (sum, x, i) =>
      i === 0 ? 0 : sum + ((x - (far[i - 1] ?? NaN)) * ((tar[i] ?? NaN) + (tar[i - 1] ?? NaN))) / 2,
    0,
  );
  const gaps = far.map((x, i) => x - (1 - (tar[i] ?? NaN))); // rising from −1 to 1
  const crossing = gaps.findIndex((gap) => gap >= 0);
  const [low, high] = [gaps[crossing - 1] ?? NaN, gaps[crossing] ?? NaN];
  const part = -low / (high - low);
  const [from, to] = [far[crossing - 1] ?? NaN, far[crossing] ?? NaN];
  const nearest = Math.abs(low) < Math.abs(high) ? crossing - 1 : crossing;
  return {
    thresholds,
    far,
    tar,
    auc,
    eer: from + part * (to - from),
    eerThreshold: thresholds[nearest] ?? NaN,
  };
}

/**
 * The best true accept rate of a threshold whose false accept rate is not above `far`.
 *
 * @throws {StructError} for what is not a verification
 * @throws {OptionError} for a target that is not a rate
 */
export function tarAtFar(rates: Pick<Verification, "far" | "tar">, target: number): number {
  checkRecord("tarAtFar", "rates", rates, ["far", "tar"]);
  const { far, tar } = rates;
  checkArguments("tarAtFar", { numbers: { far, tar }, number: { target } });
  if (!(target >= 0 && target <= 1)) throw new OptionError("tarAtFar", "target", target, "a rate, 0 to 1");
  return Math.max(...tar.filter((_, i) => (far[i] ?? NaN) <= target));
}
