const poolSize = 4;

/**
 * NumPy's `SeedSequence(seed).generate_state(count)`: well mixed 32-bit words from one integer.
 *
 * O'Neill, 2015. Developing a seed_seq alternative. https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html
 *
 * @param seed an integer of 0 or more
 */
export function seedSequence(seed: number | bigint, count: number): Uint32Array {
  const entropy = words(BigInt(seed));
  const pool = new Uint32Array(poolSize);
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  for (let i = 0; i < poolSize; i++) pool[i] = hash(entropy[i] ?? 0);
  for (let from = 0; from < poolSize; from++)
    for (let to = 0; to < poolSize; to++)
      if (from !== to) pool[to] = mix(pool[to] ?? NaN, hash(pool[from] ?? NaN));
  for (const word of entropy.slice(poolSize))
    for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to] ?? NaN, hash(word));
  const output = hasher(0x8b51f9dd, 0x58f38ded);
  return Uint32Array.from({ length: count }, (_, i) => output(pool[i % poolSize] ?? NaN));
}

/** A hash whose constant changes with each call. */
function hasher(first: number, factor: number): (value: number) => number {
  let constant = first;
  return (value) => {
    const before = value ^ constant;
    constant = Math.imul(constant, factor);
    const product = Math.imul(before, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
}

function mix(x: number, y: number): number {
  const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) | 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The 32-bit words of an integer, the lowest first; one word for zero. */
function words(integer: bigint): number[] {
  const found = [Number(integer & 0xffffffffn)];
  for (let rest = integer >> 32n; rest > 0n; rest >>= 32n) found.push(Number(rest & 0xffffffffn));
  return found;
}
