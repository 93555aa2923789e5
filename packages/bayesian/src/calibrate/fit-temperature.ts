import { checkArguments, DataError, LabelError, ShapeError } from "@pellucid/core-train";

/** A temperature, and what it does to held-out data. */
export interface Temperature {
  readonly temperature: number;
  /** The mean negative log likelihood at it. */
  readonly nll: number;
  /** The mean negative log likelihood at a temperature of 1. */
  readonly nllAtOne: number;
}

/**
 * The temperature by which logits are to be divided, so that held-out labels are most likely: the minimum of the mean negative log likelihood, which is convex in `1 / T`, found by Newton's method in 64 bits.
 * It changes confidences, not predictions. Guo et al., 2017, section 4.2. https://arxiv.org/abs/1706.04599
 *
 * @param logits rows of a validation set, not of the training set
 * @param labels the class of each row
 * @throws LabelError for a label that is not a class
 * @throws DataError where the logits are not finite, or the likelihood has no maximum, because the labels are all predicted or no row tells anything
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], labels: ArrayLike<number>): Temperature {
  checkArguments("fitTemperature", { "numbers[]": { logits }, numbers: { labels } });
  if (logits.length === 0 || logits.length !== labels.length)
    throw new ShapeError(
      `fitTemperature: ${logits.length} rows and ${labels.length} labels, expected as many, at least one.`,
    );
  const rows = logits.map((row, i) => centered(row, labels[i] ?? NaN, i));
  if (rows.every((row) => Math.max(...row) <= 0))
    throw new DataError(
      "fitTemperature: the likelihood grows without end as the temperature falls, since every label is predicted. Use a larger validation set.",
    );
  let low = 0;
  let high = 1;
  while (derivativesAt(rows, high).first < 0) {
    low = high;
    high *= 2;
  }
  if (derivativesAt(rows, 0).first >= 0)
    throw new DataError(
      "fitTemperature: the likelihood is largest at an infinite temperature: the logits say nothing about the labels.",
    );
  let inverse = Math.min(high, 1);
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const { first, second } = derivativesAt(rows, inverse);
    if (first > 0) high = inverse;
    else low = inverse;
    const newton = inverse - first / second;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) <= 1e-15 * inverse) break;
    inverse = next;
  }
  return { temperature: 1 / inverse, nll: nllAt(rows, inverse), nllAtOne: nllAt(rows, 1) };
}

/** Logits less that of the label, which is then 0. */
function centered(row: ArrayLike<number>, label: number, i: number): Float64Array {
  if (!(Number.isInteger(label) && label >= 0 && label < row.length))
    throw new LabelError(
      `fitTemperature: label ${i} is ${label}, expected a class from 0 to ${row.length - 1}.`,
    );
  const values = Float64Array.from(row, (logit) => logit - (row[label] ?? NaN));
  if (!values.every(Number.isFinite))
    throw new DataError(`fitTemperature: row ${i} has logits that are not finite.`, { item: i });
  return values;
}

function nllAt(rows: readonly Float64Array[], inverse: number): number {
  const total = rows.reduce((sum, row) => {
    const largest = Math.max(...row) * inverse;
    return (
      sum + largest + Math.log(row.reduce((each, logit) => each + Math.exp(logit * inverse - largest), 0))
    );
  }, 0);
  return total / rows.length;
}

/** Mean and variance of the logits under the softmax are the derivatives by `1 / T`. */
function derivativesAt(
  rows: readonly Float64Array[],
  inverse: number,
): { readonly first: number; readonly second: number } {
  let [first, second] = [0, 0];
  for (const row of rows) {
    const largest = Math.max(...row) * inverse;
    const weights = row.map((logit) => Math.exp(logit * inverse - largest));
    const total = weights.reduce((a, b) => a + b, 0);
    const mean = weights.reduce((sum, weight, k) => sum + weight * (row[k] ?? NaN), 0) / total;
    first += mean;
    second += weights.reduce((sum, weight, k) => sum + weight * ((row[k] ?? NaN) - mean) ** 2, 0) / total;
  }
  return { first, second };
}
