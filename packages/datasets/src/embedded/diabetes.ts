import { checkOptions, NumpyRandom, type Shuffler, trainTestSplit } from "@pellucid/core-train";
import type { WholeAndSplits } from "../splits.ts";
import { Table } from "../table.ts";
import { diabetesData } from "./diabetes-data.ts";
import { unpack } from "./unpack.ts";

export interface DiabetesOptions {
  /** Whether each feature has mean 0 and sum of squares 1 over all patients. Default: true, as in scikit-learn. */
  readonly scaled?: boolean;
  /** The share to test on. Default: 0.2. */
  readonly testSize?: number;
  /** Where the split comes from. Default: `new NumpyRandom(42)`. */
  readonly rng?: Shuffler;
}

/**
 * How far diabetes went on in a year: 442 patients, ten features (age, sex, body-mass index, blood pressure, six blood
 * values) and a measure from 25 to 346, as scikit-learn's `load_diabetes`. It comes with the package.
 *
 * By default split as `train_test_split(test_size=0.2, random_state=42)`: 353 to train on, 89 to test on. The target is not a
 * probability: a cross-entropy refuses it, and a small net of ReLUs often dies on it. Standardize it first.
 * Efron, Hastie, Johnstone and Tibshirani, 2004. https://doi.org/10.1214/009053604000000067
 */
export async function diabetes(options: DiabetesOptions = {}): Promise<WholeAndSplits<Table<Float32Array>>> {
  checkOptions("diabetes", options, ["scaled", "testSize", "rng"]);
  const { scaled = true, testSize = 0.2, rng = new NumpyRandom(42) } = options;
  const [header = "", ...lines] = new TextDecoder().decode(await unpack(diabetesData)).split("\n");
  const columns = header.split(",").slice(0, -1);
  const rows = lines.map((line) => line.split(",").map(Number));
  const width = columns.length;
  const features = columns.map((_, i) => rows.map((row) => row[i] ?? NaN)); // [feature, row]
  const shown = scaled ? features.map(scale) : features;
  const all = new Table(
    {
      data: Float32Array.from(rows.flatMap((_, i) => shown.map((feature) => feature[i] ?? NaN))),
      shape: [rows.length, width],
    },
    { data: Float32Array.from(rows, (row) => row[width] ?? NaN), shape: [rows.length] },
    columns,
  );
  const { train, test } = trainTestSplit(all, { testSize, rng });
  return { all, train: all.take(train.indices), test: all.take(test.indices) };
}

function scale(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const norm = Math.hypot(...values.map((value) => value - mean));
  return values.map((value) => (value - mean) / norm);
}
