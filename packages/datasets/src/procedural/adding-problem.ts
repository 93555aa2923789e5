import { checkOptions, checkRng, DataError, type Rng, TensorDataset } from "@pellucid/core-train";
import type { HostArray } from "../rows.ts";
import type { Splits } from "../splits.ts";

/** Options for {@link addingProblem}. */
export interface AddingProblemOptions {
  readonly rng: Rng;
  /** How many numbers a sequence has. Default: 100. */
  readonly time?: number;
  /** How many sequences to train on. Default: 5,000. */
  readonly train?: number;
  /** How many to test on. Default: 1,000. */
  readonly test?: number;
}

/** Sequences, each with the sum to be predicted. */
export type AddingProblem = TensorDataset<{
  /** Each number, and whether it counts: `[sequence, time, 2]` */
  readonly x: HostArray<Float32Array, readonly [number, number, 2]>;
  /** `[sequence, 1]` */
  readonly y: HostArray<Float32Array, readonly [number, 1]>;
}>;

/**
 * The adding problem: two of many numbers from 0 to 1 are marked, and the target is their sum. Always predicting 1 is wrong
 * by 1/6 (mean squared error). Numbers and marks are drawn as by `torch.rand(n, time)`, and then a `torch.randperm(time)[:2]` for each sequence.
 *
 * Hochreiter and Schmidhuber, 1997, 5.4. https://doi.org/10.1162/neco.1997.9.8.1735
 *
 * @throws {DataError} If sequences are shorter than two
 */
export function addingProblem(options: AddingProblemOptions): Splits<AddingProblem> {
  checkOptions("addingProblem", options, ["rng", "time", "train", "test"]);
  checkRng("addingProblem", options);
  const { rng, time = 100, train = 5000, test = 1000 } = options;
  if (!Number.isInteger(time) || time < 2)
    throw new DataError(`addingProblem: time is ${time}, expected an integer from 2: two are added.`);
  const draw = (length: number): AddingProblem => {
    const numbers = rng.rand([length, time]).data;
    const x = new Float32Array(length * time * 2);
    for (const [i, number] of numbers.entries()) x[2 * i] = number;
    const y = Float32Array.from({ length }, (_, i) => {
      const marked = [...rng.randperm(time).subarray(0, 2)].map((t) => i * time + t);
      for (const position of marked) x[2 * position + 1] = 1;
      return marked.reduce((sum, position) => sum + (numbers[position] ?? NaN), 0);
    });
    return new TensorDataset({
      x: { data: x, shape: [length, time, 2] },
      y: { data: y, shape: [length, 1] },
    });
  };
  return { train: draw(train), test: draw(test) };
}
