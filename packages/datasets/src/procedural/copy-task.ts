import { checkOptions, checkRng, DataError, type Rng, TensorDataset } from "@pellucid/core-train";
import type { HostArray } from "../rows.ts";
import type { Splits } from "../splits.ts";

/** Options for {@link copyTask}. */
export interface CopyTaskOptions {
  readonly rng: Rng;
  /** For how long there is nothing. Default: 100. */
  readonly blank?: number;
  /** Number of symbols to copy. Default: 10. */
  readonly memory?: number;
  /** How many sequences to train on. Default: 5,000. */
  readonly train?: number;
  /** How many to test on. Default: 1,000. */
  readonly test?: number;
}

/** Sequences, and the target of each of their time steps. */
export type CopyTask = TensorDataset<{
  /** `[sequence, blank + 2 memory]` */
  readonly x: HostArray<Int32Array, readonly [number, number]>;
  readonly y: HostArray<Int32Array, readonly [number, number]>;
}>;

/** The symbol that stands for "say it now". */
const now = 9;

/**
 * The copy task: some symbols, of 1 to 8, have to be kept over many zeros, and copied where the input is 9. Before that the target is 0.
 * A model without memory has a cross-entropy of `memory · ln 8 / (blank + 2 memory)`. Symbols are drawn as by `torch.randint(1, 9, (n, memory))`.
 *
 * Hochreiter and Schmidhuber, 1997; in this form Arjovsky et al., 2016, 4.1. https://arxiv.org/abs/1511.06464
 *
 * @throws {DataError} If `blank` or `memory` is not an integer above 0
 */
export function copyTask(options: CopyTaskOptions): Splits<CopyTask> {
  checkOptions("copyTask", options, ["rng", "blank", "memory", "train", "test"]);
  checkRng("copyTask", options);
  const { rng, blank = 100, memory = 10, train = 5000, test = 1000 } = options;
  for (const [name, value] of Object.entries({ blank, memory }))
    if (!Number.isInteger(value) || value < 1)
      throw new DataError(`copyTask: ${name} is ${value}, expected an integer above 0.`);
  const time = blank + 2 * memory;
  const draw = (length: number): CopyTask => {
    const symbols = rng.randint(1, 9, [length, memory]).data;
    const x = new Int32Array(length * time);
    const y = new Int32Array(length * time);
    for (let i = 0; i < length; i++) {
      const own = symbols.subarray(i * memory, (i + 1) * memory);
      x.set(own, i * time);
      x.fill(now, (i + 1) * time - memory - 1, (i + 1) * time);
      y.set(own, (i + 1) * time - memory);
    }
    return new TensorDataset({
      x: { data: x, shape: [length, time] },
      y: { data: y, shape: [length, time] },
    });
  };
  return { train: draw(train), test: draw(test) };
}
