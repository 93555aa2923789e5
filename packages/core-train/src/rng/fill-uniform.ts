import { fastDraws } from "./fast-draws.ts";
import type { MersenneTwister } from "./mersenne-twister.ts";

const CHUNK = 4096;

/** Fills `data` with uniform numbers in [`low`, `high`), of the 24 bits that a 32-bit number holds. */
export function fillUniform(data: Float32Array, low: number, high: number, twister: MersenneTwister): void {
  const from = Math.fround(low);
  const width = Math.fround(Math.fround(high) - from);
  const fast = fastDraws(data.length);
  if (fast !== null) {
    twister.advance((words, position) => fast.uniform(words, position, data, from, width));
    return;
  }
  const bits = new Int32Array(Math.min(data.length, CHUNK));
  for (let start = 0; start < data.length; start += CHUNK) {
    const count = Math.min(CHUNK, data.length - start);
    twister.fill(bits, count);
    for (let i = 0; i < count; i++)
      data[start + i] = ((bits[i] as number) & 0xffffff) * 2 ** -24 * width + from;
  }
}
