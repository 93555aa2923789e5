import type { Rng } from "@pellucid/core-train";

/**
 * The numbers from 0 to `n − 1` in random order, as NumPy's `RandomState(seed).permutation(n)` for `new Rng(seed)`.
 *
 * NumPy's and PyTorch's generators are the same; `Rng.randperm` shuffles as PyTorch does.
 */
export function numpyPermutation(n: number, rng: Rng): Int32Array {
  return numpyShuffle(
    Int32Array.from({ length: n }, (_, i) => i),
    rng,
  );
}

/** Shuffles `order` in place, as `RandomState.shuffle`. */
export function numpyShuffle(order: Int32Array, rng: Rng): Int32Array {
  for (let i = order.length - 1; i > 0; i--) {
    const j = upTo(i, rng);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}

/** A whole number from 0 to `last`: draws of as many bits as `last` has, until one is not above it. */
function upTo(last: number, rng: Rng): number {
  const mask = 2 ** (32 - Math.clz32(last)) - 1;
  for (;;) {
    const draw = (rng.uint32() & mask) >>> 0;
    if (draw <= last) return draw;
  }
}
