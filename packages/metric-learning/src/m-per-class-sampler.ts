import {
  type BatchSampler,
  checkOptions,
  checkSizes,
  DataError,
  OptionError,
  type Rng,
} from "@pellucid/core-train";

/** Options for {@link mPerClassSampler}. */
export interface MPerClassSamplerOptions {
  /** Examples of a batch, a multiple of `m`: `size / m` classes. */
  readonly size: number;
  /** Batches of an epoch. Default: as many as the examples fill. */
  readonly batches?: number;
}

/**
 * Batches of a few classes with `m` examples each, so that there are triplets: each batch draws classes, then examples of each without repetition, or with where a class has fewer than `m`.
 *
 * ```ts
 * batches(dataset, { batchSampler: mPerClassSampler(labels, 4, { size: 40 }), rng });
 * ```
 *
 * @param labels of the dataset's items
 * @throws {OptionError} If there are fewer classes than a batch needs.
 */
export function mPerClassSampler(
  labels: ArrayLike<number>,
  m: number,
  options: MPerClassSamplerOptions,
): BatchSampler {
  checkOptions("mPerClassSampler", options, ["size", "batches"]);
  const { size, batches = Math.max(1, Math.floor(labels.length / size)) } = options;
  checkSizes("mPerClassSampler", { m, size, batches });
  if (size % m !== 0) throw new OptionError("mPerClassSampler", "size", size, `a multiple of m, ${m}`);
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? NaN;
    if (!Number.isInteger(label))
      throw new DataError(`mPerClassSampler: label ${i} is ${label}, expected an integer.`);
    members.set(label, [...(members.get(label) ?? []), i]);
  }
  const classes = [...members.keys()].toSorted((a, b) => a - b);
  const count = size / m;
  if (classes.length < count)
    throw new OptionError(
      "mPerClassSampler",
      "size",
      size,
      `at most m for each of the ${classes.length} classes: ${m * classes.length}`,
    );
  return {
    length: batches,
    *draw(rng: Rng) {
      for (let batch = 0; batch < batches; batch++) {
        const chosen = rng.randperm(classes.length).subarray(0, count);
        yield Int32Array.from(
          [...chosen].flatMap((c) => drawOf(members.get(classes[c] ?? NaN) as number[], m, rng)),
        );
      }
    },
  };
}

function drawOf(members: readonly number[], m: number, rng: Rng): number[] {
  const drawn =
    members.length >= m
      ? rng.randperm(members.length).subarray(0, m)
      : rng.randint(0, members.length, [m]).data;
  return [...drawn].map((i) => members[i] ?? NaN);
}
