import { fastDraws } from "./fast-draws.ts";
import type { MersenneTwister } from "./mersenne-twister.ts";

/** Fills `data` with `one` where the 53 bits of two numbers are below `bound`, else 0. */
export function fillBernoulli(
  data: Float32Array,
  bound: number,
  one: number,
  twister: MersenneTwister,
): void {
  const fast = bound < 2 ** 53 ? fastDraws(data.length) : null;
  if (fast === null) twister.compare(data, bound, one);
  else twister.advance((words, position) => fast.bernoulli(words, position, data, bound, one));
}
