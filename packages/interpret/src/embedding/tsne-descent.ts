import type { JointProbabilities } from "./joint-probabilities.ts";

/** Hyperparameters of t-SNE's gradient descent, on any backend. */
export interface TsneDescent {
  readonly p: JointProbabilities;
  /** Where points start, then where they are: `[example · dimension]`. */
  readonly y: Float64Array;
  readonly dimensions: 2 | 3;
  readonly steps: number;
  readonly earlyExaggeration: number;
  readonly learningRate: number;
  readonly signal: AbortSignal | undefined;
  readonly onStep: ((step: number, embedding: Float64Array) => void) | undefined;
}

/** What of a step depends on when it is. */
export interface TsneSchedule {
  readonly exaggeration: number;
  readonly momentum: number;
  /** Whether speeds and gains are as at the start: scikit-learn begins its second run without momentum. */
  readonly isFresh: boolean;
}

export function scheduleAt({ steps, earlyExaggeration }: TsneDescent, step: number): TsneSchedule {
  const early = Math.min(250, Math.floor(steps / 4));
  return step < early
    ? { exaggeration: earlyExaggeration, momentum: 0.5, isFresh: step === 0 }
    : { exaggeration: 1, momentum: 0.8, isFresh: step === 0 || step === early };
}

/** `Σ p log(p / q)`, `q = 1 / (1 + d²) / Z`. */
export function klOf(
  { starts, columns, values }: JointProbabilities,
  y: Float64Array,
  dimensions: number,
  z: number,
): number {
  let sum = 0;
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      let d = 0;
      for (let c = 0; c < dimensions; c++)
        d +=
          ((y[i * dimensions + c] as number) - (y[(columns[e] as number) * dimensions + c] as number)) ** 2;
      const value = values[e] as number;
      if (value > 0) sum += value * Math.log(value * (1 + d) * z);
    }
  }
  return sum;
}
