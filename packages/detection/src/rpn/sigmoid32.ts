/** `1 / (1 + e⁻ˣ)` in 32 bits. */
export function sigmoid32(x: number): number {
  return Math.fround(1 / (1 + Math.exp(-x)));
}
