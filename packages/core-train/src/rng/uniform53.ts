/** A number in [0, 1) with the 53 bits that a 64-bit number holds, of two steps of the generator, as PyTorch draws a double. */
export function uniform53(rng: { uint32(): number }): number {
  const high = rng.uint32() & 0x1fffff;
  return (high * 2 ** 32 + rng.uint32()) * 2 ** -53;
}
