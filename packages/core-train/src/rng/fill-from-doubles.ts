import type { MersenneTwister } from "./mersenne-twister.ts";

const CHUNK = 4096;

/** Fills `data` with `f(u)` of uniform numbers `u` in [0, 1), of the 53 bits that a 64-bit number holds: two draws each. */
export function fillFromDoubles(
  data: Float32Array,
  f: (u: number) => number,
  twister: MersenneTwister,
): void {
  const bits = new Int32Array(Math.min(2 * data.length, CHUNK));
  for (let start = 0; start < data.length; start += CHUNK / 2) {
    const count = Math.min(CHUNK / 2, data.length - start);
    twister.fill(bits, 2 * count);
    for (let i = 0; i < count; i++) {
      const high = (bits[2 * i] as number) & 0x1fffff;
      const low = (bits[2 * i + 1] as number) >>> 0;
      data[start + i] = f((high * 2 ** 32 + low) * 2 ** -53);
    }
  }
}
