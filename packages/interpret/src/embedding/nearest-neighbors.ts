import {
  checkArguments,
  checkOptions,
  type HostTensor,
  OptionError,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { candidates, findsCandidates } from "./nearest-on-backend.ts";
import { checkFinite } from "../run/check-finite.ts";
import type { RunOptions } from "../run/run-options.ts";

/** The nearest of each example, from near to far, without itself. */
export interface Neighbors {
  /** How many each has. */
  readonly count: number;
  /** `[example · count]` */
  readonly indices: Int32Array;
  /** Squared Euclidean distances, `[example · count]`. */
  readonly squaredDistances: Float64Array;
}

/**
 * Exact nearest neighbours by looking at every pair once; copies of an example are neighbours at distance 0. Memory grows with
 * `example · count`, not with pairs. On WebGPU the GPU finds candidates, and the same numbers come out: the distances of candidates are
 * computed again in 64 bits, and where those 32 bits could have left out another, of all.
 */
export async function nearestNeighbors(
  hostTensor: HostTensor<Float32Array>,
  count: number,
  options: Pick<RunOptions, "signal" | "onProgress"> = {},
): Promise<Neighbors> {
  checkArguments("nearestNeighbors", { "{ data, shape }": { hostTensor } });
  checkOptions("nearestNeighbors", options, ["signal", "onProgress"]);
  const { data: given, shape } = hostTensor;
  const { signal, onProgress } = options;
  const [examples = 0, features = 0] = shape;
  if (!Number.isInteger(count) || count < 1 || count >= examples) {
    throw new OptionError("nearestNeighbors", "count", count, `1 to ${examples - 1}`);
  }
  checkFinite("nearestNeighbors", "data", given, shape);
  const indices = new Int32Array(examples * count);
  const squaredDistances = new Float64Array(examples * count).fill(Infinity);
  const data = Float64Array.from(given);
  if (findsCandidates() && count + 1 < examples) {
    let i = 0;
    for await (const { indices: near, slack } of candidates({ data: given, shape }, count, signal)) {
      nearestAmong(near, slack, { data, features, count, i, squaredDistances, indices });
      i++;
      onProgress?.(i, examples);
    }
    return { count, indices, squaredDistances };
  }
  const block = 64; // two blocks of rows stay in the cache
  for (let top = 0; top < examples; top += block) {
    signal?.throwIfAborted();
    for (let left = top; left < examples; left += block) {
      const [bottom, right] = [Math.min(examples, top + block), Math.min(examples, left + block)];
      for (let i = top; i < bottom; i++) {
        for (let j = Math.max(left, i + 1); j < right; j++) {
          const d = squaredDistance(data, i * features, j * features, features);
          if (d < (squaredDistances[i * count] as number))
            sink(squaredDistances, indices, i * count, count, d, j);
          if (d < (squaredDistances[j * count] as number))
            sink(squaredDistances, indices, j * count, count, d, i);
        }
      }
    }
    onProgress?.(Math.min(examples, top + block), examples);
    await yieldToEventLoop();
  }
  for (let i = 0; i < examples; i++) sortRow(squaredDistances, indices, i * count, count);
  return { count, indices, squaredDistances };
}

interface Row {
  readonly data: Float64Array;
  readonly features: number;
  readonly count: number;
  readonly i: number;
  readonly squaredDistances: Float64Array;
  readonly indices: Int32Array;
}

/** Fills one row with the nearest of `candidates`, or of all where these leave a doubt. */
function nearestAmong(candidates: Int32Array, slack: number, row: Row): void {
  const { data, features, count, i, squaredDistances, indices } = row;
  const others = candidates.filter((j) => j !== i).sort();
  const distances = Float64Array.from(others, (j) =>
    squaredDistance(data, i * features, j * features, features),
  );
  const sorted = distances.toSorted();
  const [last, next, farthest] = [sorted[count - 1], sorted[count], sorted.at(-1)] as [
    number,
    number,
    number,
  ];
  const isSure = last < next && last < farthest - slack;
  const from = i * count;
  if (isSure) {
    others.forEach((j, k) => {
      const d = distances[k] as number;
      if (d < (squaredDistances[from] as number)) sink(squaredDistances, indices, from, count, d, j);
    });
  } else {
    for (let j = 0; j < data.length / features; j++) {
      if (j === i) continue;
      const d = squaredDistance(data, i * features, j * features, features);
      if (d < (squaredDistances[from] as number)) sink(squaredDistances, indices, from, count, d, j);
    }
  }
  sortRow(squaredDistances, indices, from, count);
}

/** In four sums, so that they need not wait for each other. */
function squaredDistance(data: Float64Array, i: number, j: number, features: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let f = 0;
  for (; f + 3 < features; f += 4) {
    const a = (data[i + f] as number) - (data[j + f] as number);
    const b = (data[i + f + 1] as number) - (data[j + f + 1] as number);
    const c = (data[i + f + 2] as number) - (data[j + f + 2] as number);
    const d = (data[i + f + 3] as number) - (data[j + f + 3] as number);
    s0 += a * a;
    s1 += b * b;
    s2 += c * c;
    s3 += d * d;
  }
  for (; f < features; f++) s0 += ((data[i + f] as number) - (data[j + f] as number)) ** 2;
  return s0 + s1 + s2 + s3;
}

/** Replaces the farthest, which a heap keeps in front. */
function sink(
  distances: Float64Array,
  indices: Int32Array,
  from: number,
  count: number,
  d: number,
  index: number,
): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && (distances[from + child + 1] as number) > (distances[from + child] as number))
      child++;
    if ((distances[from + child] as number) <= d) break;
    distances[from + at] = distances[from + child] as number;
    indices[from + at] = indices[from + child] as number;
    at = child;
  }
  distances[from + at] = d;
  indices[from + at] = index;
}

function sortRow(distances: Float64Array, indices: Int32Array, from: number, count: number): void {
  const [d, at] = [distances.slice(from, from + count), indices.slice(from, from + count)];
  const order = Array.from(d.keys()).toSorted(
    (a, b) => (d[a] as number) - (d[b] as number) || (at[a] as number) - (at[b] as number),
  );
  order.forEach((k, rank) => {
    distances[from + rank] = d[k] as number;
    indices[from + rank] = at[k] as number;
  });
}
