/** A small random generator, so that every run sees the same cases. */
export function draws(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    /** One of `choices`. */
    of: <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T,
    /** `size` numbers from −1 to 1. */
    numbers: (size: number): Float32Array => Float32Array.from({ length: size }, () => 2 * next() - 1),
    /** `size` of few values, so that there are ties. */
    ties: (size: number): Float32Array =>
      Float32Array.from({ length: size }, () => Math.floor(4 * next()) - 5),
  };
}
