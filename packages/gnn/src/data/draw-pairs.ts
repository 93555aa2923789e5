import type { Rng } from "@pellucid/core-train";

/** Each of `count` indices with probability `p`, in ascending order, with as many draws as are taken: gaps between them are geometric. */
export function* drawEach(count: number, p: number, rng: Rng): Generator<number> {
  if (p <= 0) return;
  const scale = Math.log1p(-p);
  for (let i = -1; ;) {
    const gap = p >= 1 ? 0 : Math.floor(Math.log1p(-uniform(rng)) / scale);
    i += 1 + gap;
    if (i >= count) return;
    yield i;
  }
}

/** In [0, 1), with 53 bits. */
export function uniform(rng: Rng): number {
  const high = rng.uint32() >>> 5;
  return (high * 2 ** 26 + (rng.uint32() >>> 6)) * 2 ** -53;
}

/** The pair `(i, j)`, `j < i`, of an index into all pairs, row by row. */
export function pairAt(index: number): [i: number, j: number] {
  let i = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2);
  while ((i * (i - 1)) / 2 > index) i--;
  while ((i * (i + 1)) / 2 <= index) i++;
  return [i, index - (i * (i - 1)) / 2];
}
