import { checkArguments, OptionError, type Rng } from "@pellucid/core-train";

/** Draws indices with given probabilities, each in the same time whatever their number. */
export interface AliasTable {
  /** The probability of each index. */
  readonly probabilities: Float64Array;
  draw(rng: Rng): number;
}

/**
 * A table for draws with probabilities in proportion to weights.
 *
 * Walker, 1977; Vose, 1991. https://doi.org/10.1109/32.92917
 *
 * @throws OptionError for a weight below 0 and for weights that are all 0
 */
export function aliasTable(weights: ArrayLike<number>): AliasTable {
  checkArguments("aliasTable", { numbers: { weights } });
  const count = weights.length;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights[i] ?? NaN;
    if (!(weight >= 0 && weight < Infinity))
      throw new OptionError("aliasTable", `weight ${i}`, weight, "a finite number of 0 or more");
    total += weight;
  }
  if (!(total > 0 && total < Infinity))
    throw new OptionError("aliasTable", "the sum of the weights", total, "a finite number above 0");
  const probabilities = Float64Array.from({ length: count }, (_, i) => (weights[i] ?? NaN) / total);
  const shares = probabilities.map((p) => p * count);
  const alias = Int32Array.from({ length: count }, (_, i) => i);
  const [small, large]: [number[], number[]] = [[], []];
  for (const [i, share] of shares.entries()) (share < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop() as number, large.pop() as number];
    alias[less] = more;
    shares[more] = (shares[more] ?? NaN) - (1 - (shares[less] ?? NaN));
    ((shares[more] as number) < 1 ? small : large).push(more);
  }
  for (const i of [...small, ...large]) shares[i] = 1;
  return {
    probabilities,
    draw(rng) {
      const i = rng.uint32() % count;
      return rng.uint32() * 2 ** -32 < (shares[i] ?? NaN) ? i : (alias[i] ?? NaN);
    },
  };
}
