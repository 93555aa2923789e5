import { oneHot, Rng } from "@pellucid/core-train";
import { gatedDeltaRule, gatedLinearAttention } from "@pellucid/mamba/recurrences";
import {
  expandDims,
  fill,
  gather,
  type Rank,
  type Tensor,
  tensor1d,
  tensor2d,
  type Tensor4D,
  tidy,
  tile,
  transpose,
} from "@tensorflow/tfjs-core";

/** Letters, each with a key of 8 numbers, and the digits that they may stand for. */
export const letters = "ABCDEF";
export const digits = 8;
/** Pairs that are read. */
export const times = 48;

/** How a memory takes in a pair: it adds, forgets and adds, or corrects what it would have said. */
export type Rule = "add" | "forget" | "correct";
export const rules: readonly Rule[] = ["add", "forget", "correct"];

/** What is read: a letter and its digit at each time. */
export interface Stream {
  readonly letter: Int32Array;
  readonly digit: Int32Array;
  /** Of each letter a vector of length 1, `[letter][feature]`. */
  readonly keys: readonly (readonly number[])[];
}

/** What the digits do: stay, change once after half of the time, or are drawn anew for each pair, so that nothing can be learned. */
export type Meaning = "stays" | "changes" | "none";

/** A stream of a seed. */
export function stream(meaning: Meaning, seed = 0): Stream {
  const rng = new Rng(seed);
  const keys = Array.from(letters, () => {
    const key = Array.from(rng.randn([8]).data);
    const length = Math.hypot(...key);
    return key.map((x) => x / length);
  });
  const letter = Int32Array.from(rng.randint(0, letters.length, [times]).data);
  const [before, after] = [rng.randperm(digits), rng.randperm(digits)];
  const drawn = rng.randint(0, digits, [times]).data;
  const digit = letter.map((at, t) => {
    if (meaning === "none") return drawn[t] ?? 0;
    return (meaning === "changes" && t >= times / 2 ? after : before)[at] ?? 0;
  });
  return { letter, digit, keys };
}

/** What a memory would answer for each letter after each pair, `[time][letter][digit]`. */
export type Answers = readonly (readonly (readonly number[])[])[];

/** Reads a stream by a rule: `rate` is how much of an error is corrected, `kept` what forgetting leaves of the memory at each pair. */
export async function read(
  { letter, digit, keys }: Stream,
  rule: Rule,
  { rate, kept }: { readonly rate: number; readonly kept: number },
): Promise<Answers> {
  const output = tidy(() => {
    const table = tensor2d(keys.flat(), [letters.length, 8]);
    const each = (x: Tensor) => tile(expandDims(expandDims(x, 0), 0), [letters.length, 1, 1, 1]) as Tensor4D;
    const key = each(gather(table, tensor1d(letter, "int32"))); //     [letter, 1, time, feature]
    const value = each(oneHot(tensor1d(digit, "int32"), digits)); //   [letter, 1, time, digit]
    const query = tile(expandDims(expandDims(table, 1), 1), [1, 1, times, 1]) as Tensor4D; // each letter, at all times
    const inputs = { query, key, value };
    const all = (number: number) => fill<Rank.R3>([letters.length, 1, times], number);
    const answers =
      rule === "correct"
        ? gatedDeltaRule({ ...inputs, a: all(0), beta: all(rate) }).output
        : gatedLinearAttention({ ...inputs, a: fill(key.shape, rule === "forget" ? Math.log(kept) : 0) })
            .output;
    return transpose(answers, [2, 1, 0, 3]); // [time, 1, letter, digit]
  });
  const values = Array.from(await output.data());
  output.dispose();
  const size = letters.length * digits;
  return Array.from({ length: times }, (_, t) =>
    Array.from(letters, (__, l) => values.slice(t * size + l * digits, t * size + (l + 1) * digits)),
  );
}

/** The rule "correct", a pair at a time: one step of gradient descent on ½ ‖kᵀ S − v‖², the memory's own loss. */
export function byHand({ letter, digit, keys }: Stream, rate: number): Answers {
  const memory = Array.from({ length: 8 }, () => new Array<number>(digits).fill(0)); // S, [feature][digit]
  const ask = (key: readonly number[]) =>
    Array.from({ length: digits }, (_, d) => key.reduce((sum, k, i) => sum + k * (memory[i]?.[d] ?? 0), 0));
  return Array.from(letter, (at, t) => {
    const key = keys[at] ?? [];
    const said = ask(key);
    for (const [i, row] of memory.entries())
      for (const [d, old] of row.entries())
        row[d] = old + rate * (key[i] ?? 0) * (Number(d === digit[t]) - (said[d] ?? 0));
    return keys.map(ask);
  });
}

const largest = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** Before each pair but the first: whether the memory would have said the digit, and by how much it was wrong, ‖answer − digit‖². */
export function tested({ letter, digit }: Stream, answers: Answers): { right: boolean[]; error: number[] } {
  const before = answers.slice(0, -1).map((row, t) => row[letter[t + 1] ?? 0] ?? []);
  return {
    right: before.map((answer, t) => Math.max(...answer) > 0 && largest(answer) === digit[t + 1]),
    error: before.map((answer, t) =>
      answer.reduce((sum, x, d) => sum + (x - Number(d === digit[t + 1])) ** 2, 0),
    ),
  };
}

/** The share that is right, of the pairs whose letter was read before with the same digit the last time: what could be known. */
export function recall(of: Stream, answers: Answers): number {
  const { right } = tested(of, answers);
  const known = right.filter((_, t) => {
    const last = of.letter.lastIndexOf(of.letter[t + 1] ?? -1, t);
    return last >= 0 && of.digit[last] === of.digit[t + 1];
  });
  return known.filter(Boolean).length / Math.max(known.length, 1);
}

/** The share of all pairs that is right. */
export function guessed(of: Stream, answers: Answers): number {
  const { right } = tested(of, answers);
  return right.filter(Boolean).length / right.length;
}

/** Over eight streams: the share of right answers of what could be known; where nothing can be, of all. */
export async function mean(
  meaning: Meaning,
  rule: Rule,
  options: { readonly rate: number; readonly kept: number },
): Promise<number> {
  let sum = 0;
  for (let seed = 0; seed < 8; seed++) {
    const of = stream(meaning, seed);
    sum += (meaning === "none" ? guessed : recall)(of, await read(of, rule, options));
  }
  return sum / 8;
}
