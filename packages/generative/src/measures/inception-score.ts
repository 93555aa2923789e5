import { checkOptions, checkSizes, DataError } from "@pellucid/core-train";
import { featureRows, type Features } from "./feature-rows.ts";

/** Options for {@link inceptionScore}. */
export interface InceptionScoreOptions {
  /** The examples are divided into so many parts, over whose scores the mean is taken. Default: 1. */
  readonly splits?: number;
}

/**
 * `exp(mean KL(p(y | x) ‖ p(y)))` of a classifier's probabilities for generated examples: high where each is of one class and all are of many. It knows nothing
 * of the real examples. Salimans et al., 2016. https://arxiv.org/abs/1606.03498
 *
 * @param probabilities `[example, class]`, not logits
 * @throws {DataError} For rows that are not probabilities, or fewer than `splits`.
 */
export async function inceptionScore(
  probabilities: Features,
  options: InceptionScoreOptions = {},
): Promise<number> {
  checkOptions("inceptionScore", options, ["splits"]);
  const { splits = 1 } = options;
  checkSizes("inceptionScore", { splits });
  const rows = await featureRows("inceptionScore", "probabilities", probabilities, splits);
  for (const [i, row] of rows.entries()) {
    const total = row.reduce((sum, p) => sum + p, 0);
    if (row.some((p) => p < 0) || Math.abs(total - 1) > 1e-3)
      throw new DataError(
        `inceptionScore: row ${i} sums to ${total}, expected probabilities: take the softmax of logits.`,
      );
  }
  let scores = 0;
  for (let part = 0; part < splits; part++) {
    const chosen = rows.slice((part * rows.length) / splits, ((part + 1) * rows.length) / splits);
    const marginal = (chosen[0] as Float64Array).map(
      (_, k) => chosen.reduce((sum, row) => sum + (row[k] ?? NaN), 0) / chosen.length,
    );
    const divergence = (row: Float64Array) =>
      row.reduce((sum, p, k) => sum + (p === 0 ? 0 : p * Math.log(p / (marginal[k] ?? NaN))), 0);
    scores += Math.exp(chosen.reduce((sum, row) => sum + divergence(row), 0) / chosen.length) / splits;
  }
  return scores;
}
