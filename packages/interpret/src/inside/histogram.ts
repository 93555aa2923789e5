import { checkArguments, checkOptions, OptionError } from "@pellucid/core-train";

/** How often values fall where. */
export interface Histogram {
  /** Borders of bins, one more than there are bins; the last bin holds its right border. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  /** Those that are in no bin. */
  readonly notANumber: number;
  readonly infinite: number;
}

/** Counts values in bins of one width, from the smallest to the largest finite one or in the range given. */
export function histogram(
  values: ArrayLike<number>,
  options: { readonly bins?: number; readonly range?: readonly [low: number, high: number] } = {},
): Histogram {
  checkArguments("histogram", { numbers: { values } });
  checkOptions("histogram", options, ["bins", "range"]);
  const { bins = 30, range } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new OptionError("histogram", "bins", bins, "an integer of at least 1");
  }
  let [low, high] = range ?? [Infinity, -Infinity];
  let [count, sum, squares, zeros, notANumber, infinite] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) notANumber++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      count++;
      sum += value;
      squares += value * value;
      if (value === 0) zeros++;
      if (range !== undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value; // not "else if": a falling row has its largest value first
    }
  }
  if (low > high) [low, high] = [0, 0];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const position = (((values[i] ?? NaN) - low) / (high - low)) * bins;
    const bin = Math.min(bins - 1, Math.floor(position));
    if (position >= 0 && position <= bins) counts[bin] = (counts[bin] ?? NaN) + 1;
  }
  const mean = count === 0 ? 0 : sum / count;
  return {
    edges: Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins),
    counts,
    mean,
    deviation: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)),
    zeros,
    notANumber,
    infinite,
  };
}
