import { OptionError } from "@pellucid/core-train";
import type { Neighbors } from "./nearest-neighbors.ts";

/** How near examples are, as a sparse symmetric matrix by rows that adds up to 1. */
export interface JointProbabilities {
  /** Where each row starts, one more than there are rows. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * `p_j|i ∝ exp(−β_i d²_ij)`, with `β_i` such that the row has the perplexity asked for (the exponential of its entropy); then
 * `p_ij = (p_j|i + p_i|j) / 2n`.
 *
 * van der Maaten and Hinton, 2008, section 3.1.
 */
export function jointProbabilities(neighbors: Neighbors, perplexity: number): JointProbabilities {
  const { count, indices, squaredDistances } = neighbors;
  if (!(perplexity >= 1 && perplexity <= count)) {
    throw new OptionError(
      "jointProbabilities",
      "perplexity",
      perplexity,
      `1 to ${count}, the number of neighbors`,
    );
  }
  const examples = indices.length / count;
  const conditional = new Float64Array(indices.length);
  for (let i = 0; i < examples; i++) {
    const row = squaredDistances.subarray(i * count, (i + 1) * count);
    conditional.set(rowOfPerplexity(row, Math.log(perplexity)), i * count);
  }
  return symmetric(conditional, indices, examples, count);
}

/** Halves an interval of β until the entropy is right; distances count from the nearest, so that nothing underflows. */
function rowOfPerplexity(distances: Float64Array, entropy: number): Float64Array {
  const nearest = distances[0] as number;
  let [low, high, beta] = [0, Infinity, 1];
  let row = new Float64Array(distances.length);
  for (let round = 0; round < 200; round++) {
    row = Float64Array.from(distances, (d) => Math.exp(-(d - nearest) * beta));
    const sum = row.reduce((a, b) => a + b, 0);
    const meanDistance = row.reduce((a, p, j) => a + p * ((distances[j] as number) - nearest), 0) / sum;
    const off = Math.log(sum) + beta * meanDistance - entropy;
    row = row.map((p) => p / sum);
    if (Math.abs(off) < 1e-12) break;
    if (off > 0) [low, beta] = [beta, high === Infinity ? beta * 2 : (beta + high) / 2];
    else [high, beta] = [beta, (beta + low) / 2];
  }
  return row;
}

function symmetric(
  conditional: Float64Array,
  indices: Int32Array,
  examples: number,
  count: number,
): JointProbabilities {
  const rows = Array.from({ length: examples }, () => new Map<number, number>());
  const put = (i: number, j: number, p: number) => {
    const row = rows[i] as Map<number, number>;
    row.set(j, (row.get(j) ?? 0) + p);
  };
  for (let e = 0; e < indices.length; e++) {
    const [i, j] = [Math.floor(e / count), indices[e] as number];
    const p = (conditional[e] as number) / (2 * examples);
    put(i, j, p);
    put(j, i, p);
  }
  const starts = new Int32Array(examples + 1);
  rows.forEach((row, i) => (starts[i + 1] = (starts[i] as number) + row.size));
  const columns = Int32Array.from(rows.flatMap((row) => [...row.keys()]));
  return { starts, columns, values: Float64Array.from(rows.flatMap((row) => [...row.values()])) };
}
