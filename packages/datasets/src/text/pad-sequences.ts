import { checkArguments, checkOptions, DataError } from "@pellucid/core-train";
import type { HostArray } from "../rows.ts";

/** Sequences of different lengths as one array. */
export interface PaddedSequences {
  /** `[sequence, time]` */
  readonly x: HostArray<Int32Array, readonly [number, number]>;
  /** How long each is. */
  readonly lengths: readonly number[];
}

/** Options for {@link padSequences}. */
export interface PadSequencesOptions {
  /** The padding value. Default: 0. */
  readonly value?: number;
}

/**
 * Makes one array of sequences of integers, each padded at its end to be as long as the longest: PyTorch's `pad_sequence`.
 *
 * @throws {DataError} If there is no sequence
 */
export function padSequences(
  sequences: readonly ArrayLike<number>[],
  options: PadSequencesOptions = {},
): PaddedSequences {
  checkArguments("padSequences", { "numbers[]": { sequences } });
  checkOptions("padSequences", options, ["value"]);
  const { value = 0 } = options;
  if (sequences.length === 0)
    throw new DataError("padSequences: there is no sequence, expected one at least.");
  const lengths = sequences.map(({ length }) => length);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const data = new Int32Array(sequences.length * time).fill(value);
  for (const [i, sequence] of sequences.entries()) data.set(sequence, i * time);
  return { x: { data, shape: [sequences.length, time] }, lengths };
}
