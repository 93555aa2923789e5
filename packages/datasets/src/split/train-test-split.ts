import type { Rng } from "@pellucid/core-train";
import { numpyPermutation, numpyShuffle } from "./numpy-permutation.ts";

export interface TrainTestSplitOptions {
  /** Where the order comes from. */
  readonly rng: Rng;
  /** The share of examples to test on, rounded up to whole examples. Default: 0.25. */
  readonly testSize?: number;
  /** The class of each example, to have every class in both parts by its share. Default: none. */
  readonly stratify?: ArrayLike<number>;
}

/**
 * Which of `length` examples are to train on and which to test on: scikit-learn's
 * `train_test_split(arange(length), test_size=testSize, stratify=stratify, random_state=seed)` for `new Rng(seed)`.
 *
 * @throws RangeError where a part would be empty, or a class is too small to be in both
 */
export function trainTestSplit(
  length: number,
  options: TrainTestSplitOptions,
): { train: Int32Array; test: Int32Array } {
  const { rng, testSize = 0.25, stratify } = options;
  const tested = Math.ceil(testSize * length);
  if (!(tested > 0 && tested < length))
    throw new RangeError(
      `trainTestSplit: ${testSize} of ${length} examples is ${tested}, expected at least one to test on and one to train on.`,
    );
  if (stratify !== undefined) return stratified(length, tested, stratify, rng);
  const order = numpyPermutation(length, rng);
  return { train: order.slice(tested), test: order.slice(0, tested) };
}

function stratified(length: number, tested: number, classes: ArrayLike<number>, rng: Rng) {
  const members = membersOf(classes, length, Math.min(tested, length - tested));
  const counts = members.map((member) => member.length);
  const toTrain = shares(counts, length - tested, rng);
  const left = counts.map((count, i) => count - (toTrain[i] as number));
  const toTest = shares(left, tested, rng);
  const train: number[] = [];
  const test: number[] = [];
  for (const [i, member] of members.entries()) {
    const shuffled = Array.from(numpyPermutation(member.length, rng), (j) => member[j] as number);
    const cut = toTrain[i] as number;
    train.push(...shuffled.slice(0, cut));
    test.push(...shuffled.slice(cut, cut + (toTest[i] as number)));
  }
  return { train: numpyShuffle(Int32Array.from(train), rng), test: numpyShuffle(Int32Array.from(test), rng) };
}

/** The examples of each class, by rising class. */
function membersOf(classes: ArrayLike<number>, length: number, smaller: number): number[][] {
  if (classes.length !== length)
    throw new RangeError(`trainTestSplit: stratify has ${classes.length} classes for ${length} examples.`);
  const members = new Map<number, number[]>();
  for (let i = 0; i < length; i++) {
    const label = classes[i] as number;
    const member = members.get(label);
    if (member === undefined) members.set(label, [i]);
    else member.push(i);
  }
  for (const [label, member] of members)
    if (member.length < 2)
      throw new RangeError(
        `trainTestSplit: class ${label} has 1 example, expected 2 or more to be in both parts.`,
      );
  if (smaller < members.size)
    throw new RangeError(
      `trainTestSplit: one part has ${smaller} examples, expected at least one for each of ${members.size} classes.`,
    );
  return [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
}

/** How many of `draws` fall to each class: its share rounded down, then one more where most was cut off, ties by lot. */
function shares(counts: readonly number[], draws: number, rng: Rng): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const given = exact.map(Math.floor);
  const cutOff = exact.map((share, i) => share - (given[i] as number));
  let missing = draws - given.reduce((sum, share) => sum + share, 0);
  for (const most of [...new Set(cutOff)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = cutOff.flatMap((rest, i) => (rest === most ? [i] : []));
    const chosen = Array.from(numpyPermutation(tied.length, rng).slice(0, missing), (j) => tied[j] as number);
    for (const i of chosen) given[i] = (given[i] as number) + 1;
    missing -= chosen.length;
  }
  return given;
}
