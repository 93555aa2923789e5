import { checkArguments, checkOptions, DataError, type Shuffler } from "@pellucid/core-train";

/** Options for {@link stratifiedSplit}. */
export interface StratifiedSplitOptions {
  /** `new NumpyRandom(42)` for scikit-learn's `random_state=42`, or an `Rng`. */
  readonly rng: Shuffler;
  /** The share of examples to test on, rounded up to whole examples. Default: 0.25. */
  readonly testSize?: number;
}

/**
 * Which examples to train on and which to test on, so that every class is in both parts by its share: scikit-learn's
 * `train_test_split(arange(n), stratify=labels, test_size=testSize, random_state=seed)` for `new NumpyRandom(seed)`.
 *
 * @param labels the class of each example
 * @throws DataError where a part would have fewer examples than there are classes, or a class only one
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  options: StratifiedSplitOptions,
): { train: Int32Array; test: Int32Array } {
  checkArguments("stratifiedSplit", { numbers: { labels } });
  checkOptions("stratifiedSplit", options, ["rng", "testSize"]);
  checkArguments("stratifiedSplit", { "{ randperm }": { rng: options.rng } });
  const { rng, testSize = 0.25 } = options;
  const { length } = labels;
  const tested = Math.ceil(testSize * length);
  const members = membersOf(labels);
  if (!(Math.min(tested, length - tested) >= Math.max(1, members.length)))
    throw new DataError(
      `stratifiedSplit: testSize is ${testSize} of ${length} examples, which leaves ${tested} to test on and ${length - tested} to train on, expected at least one of each of ${members.length} classes in both.`,
    );
  const counts = members.map((member) => member.length);
  const toTrain = shares(counts, length - tested, rng);
  const left = counts.map((count, i) => count - (toTrain[i] ?? 0));
  const toTest = shares(left, tested, rng);
  const train: number[] = [];
  const test: number[] = [];
  for (const [i, member] of members.entries()) {
    const shuffled = shuffle(member, rng);
    const cut = toTrain[i] ?? 0;
    for (const example of shuffled.slice(0, cut)) train.push(example);
    for (const example of shuffled.slice(cut, cut + (toTest[i] ?? NaN))) test.push(example);
  }
  return { train: Int32Array.from(shuffle(train, rng)), test: Int32Array.from(shuffle(test, rng)) };
}

function shuffle(values: readonly number[], rng: Shuffler): number[] {
  return Array.from(rng.randperm(values.length), (i) => values[i] ?? NaN);
}

/** The examples of each class, by rising class. */
function membersOf(labels: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? NaN;
    const member = members.get(label);
    if (member === undefined) members.set(label, [i]);
    else member.push(i);
  }
  for (const [label, member] of members)
    if (member.length < 2)
      throw new DataError(
        `stratifiedSplit: class ${label} has 1 example, expected 2 or more to be in both parts.`,
      );
  return [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
}

/** How many of `draws` fall to each class: its share rounded down, then one more where most was cut off, ties by lot. */
function shares(counts: readonly number[], draws: number, rng: Shuffler): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const given = exact.map(Math.floor);
  const cutOff = exact.map((share, i) => share - (given[i] ?? 0));
  let missing = draws - given.reduce((sum, share) => sum + share, 0);
  for (const most of [...new Set(cutOff)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = cutOff.flatMap((rest, i) => (rest === most ? [i] : []));
    const chosen = shuffle(tied, rng).slice(0, missing);
    for (const i of chosen) given[i] = (given[i] ?? 0) + 1;
    missing -= chosen.length;
  }
  return given;
}
