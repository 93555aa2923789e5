import { checkArguments, checkOptions, checkShape, OptionError } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { checkFinite } from "../run/check-finite.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** How much maps of the same data, from other seeds, say the same. */
export interface MapStability {
  /** The share of the nearest on one map that are among the nearest on another, over all pairs of maps. 1 is the same. */
  readonly neighborhoodAgreement: number;
  /** The same for each example: where the maps agree. */
  readonly agreementOfEach: Float32Array;
  /** How far each map after the first is from it, however turned, mirrored, moved and scaled: from 0, the same, to 1. */
  readonly procrustes: readonly number[];
  /** Each map turned, mirrored and moved onto the first as well as it can be, in the first's size: `[example · dimension]`. */
  readonly aligned: readonly Float64Array[];
}

/**
 * What of a map would come out again: groups and neighborhoods that other seeds do not give are due to randomness, not to the data.
 *
 * `aligned` is the orthogonal Procrustes solution: Schönemann, 1966. https://doi.org/10.1007/BF02289451
 *
 * @param maps two or more, `[example, dimension]`
 */
export async function mapStability(
  maps: readonly Tensor2D[],
  options: { readonly neighbors?: number; readonly signal?: AbortSignal } = {},
): Promise<MapStability> {
  checkArguments("mapStability", { "tensor[]": { maps } });
  checkOptions("mapStability", options, ["neighbors", "signal"]);
  const { neighbors = 15, signal } = options;
  const [first, ...others] = maps;
  if (first === undefined || others.length === 0)
    throw new OptionError("mapStability", "maps", maps.length, "two or more");
  for (const map of others) checkShape("mapStability", "maps", map, first.shape);
  const [count, dimensions] = first.shape;
  const values = await Promise.all(maps.map(async (map) => Float32Array.from(await map.data())));
  for (const [i, map] of values.entries()) checkFinite("mapStability", `maps[${i}]`, map, first.shape);
  const stop = signal === undefined ? {} : { signal };
  const near: Set<number>[][] = [];
  for (const data of values) {
    const { indices } = await nearestNeighbors({ data, shape: first.shape }, neighbors, stop);
    near.push(
      Array.from({ length: count }, (_, i) => new Set(indices.subarray(i * neighbors, (i + 1) * neighbors))),
    );
  }
  const agreementOfEach = Float32Array.from({ length: count }, (_, i) => {
    let [shared, pairs] = [0, 0];
    for (let a = 0; a < maps.length; a++)
      for (let b = 0; b < a; b++, pairs++)
        for (const j of near[a]?.[i] ?? []) if (near[b]?.[i]?.has(j) === true) shared++;
    return shared / (pairs * neighbors);
  });
  const fits = values.slice(1).map((map) => fit(values[0] as Float32Array, map, dimensions));
  return {
    neighborhoodAgreement: agreementOfEach.reduce((a, b) => a + b, 0) / count,
    agreementOfEach,
    procrustes: fits.map(({ distance }) => distance),
    aligned: fits.map(({ aligned }) => aligned),
  };
}

/** Turns, mirrors and moves `map` so that it is nearest to `onto`; the nearest size would make maps that differ much shrink, so they keep that of `onto`. */
function fit(
  onto: Float32Array,
  map: Float32Array,
  dimensions: number,
): { readonly aligned: Float64Array; readonly distance: number } {
  const [target, moved] = [centered(onto, dimensions), centered(map, dimensions)];
  const product = new Float64Array(dimensions * dimensions); // movedᵀ target
  for (let e = 0; e < moved.values.length; e += dimensions)
    for (let r = 0; r < dimensions; r++)
      for (let c = 0; c < dimensions; c++)
        product[r * dimensions + c] =
          (product[r * dimensions + c] as number) +
          (moved.values[e + r] as number) * (target.values[e + c] as number);
  const { rotation, trace } = polar(product, dimensions);
  const scale = target.size / (moved.size || 1);
  const aligned = target.values.map((_, at) => {
    const [e, c] = [Math.floor(at / dimensions) * dimensions, at % dimensions];
    let sum = target.means[c] as number;
    for (let r = 0; r < dimensions; r++)
      sum += scale * (moved.values[e + r] as number) * (rotation[r * dimensions + c] as number);
    return sum;
  });
  return { aligned, distance: 1 - (trace / (target.size * moved.size || 1)) ** 2 };
}

interface Centered {
  readonly values: Float64Array;
  readonly means: readonly number[];
  /** Euclidean. */
  readonly size: number;
}

function centered(map: Float32Array, dimensions: number): Centered {
  const count = map.length / dimensions;
  const means = Array.from({ length: dimensions }, (_, c) =>
    map.reduce((sum, v, at) => (at % dimensions === c ? sum + v / count : sum), 0),
  );
  const values = Float64Array.from(map, (v, at) => v - (means[at % dimensions] as number));
  return { values, means, size: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)) };
}

/** The orthogonal matrix nearest to `m = U S Vᵀ`, which is `U Vᵀ`, and the sum of `S`. */
function polar(m: Float64Array, n: number): { readonly rotation: Float64Array; readonly trace: number } {
  const products = new Float64Array(n * n); // mᵀ m = V S² Vᵀ
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++)
      for (let k = 0; k < n; k++)
        products[a * n + b] =
          (products[a * n + b] as number) + (m[k * n + a] as number) * (m[k * n + b] as number);
  const { values, vectors } = symmetricEigen(products, n); // rows are columns of V
  const lefts: number[][] = [];
  for (let s = 0; s < n; s++) {
    const image = Array.from({ length: n }, (_, r) =>
      Array.from({ length: n }, (__, c) => (m[r * n + c] as number) * (vectors[s * n + c] as number)).reduce(
        (a, b) => a + b,
        0,
      ),
    );
    lefts.push(unit([image, ...axes(n)], lefts)); // where m has nothing to say, any direction across the others will do
  }
  const rotation = new Float64Array(n * n);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++)
      for (let s = 0; s < n; s++)
        rotation[r * n + c] =
          (rotation[r * n + c] as number) + (lefts[s]?.[r] as number) * (vectors[s * n + c] as number);
  return { rotation, trace: values.reduce((sum, v) => sum + Math.sqrt(Math.max(0, v)), 0) };
}

const axes = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => +(i === j)));

/** The first of some vectors that is not made of others already, made across them and of length 1. */
function unit(candidates: readonly (readonly number[])[], others: readonly (readonly number[])[]): number[] {
  const largest = Math.hypot(...(candidates[0] ?? []));
  for (const candidate of candidates) {
    let rest = [...candidate];
    for (const other of others) {
      const along = rest.reduce((sum, v, i) => sum + v * (other[i] as number), 0);
      rest = rest.map((v, i) => v - along * (other[i] as number));
    }
    const size = Math.hypot(...rest);
    if (size > 1e-9 * Math.max(largest, 1e-12) && size > 1e-30) return rest.map((v) => v / size);
  }
  return [...(candidates.at(-1) ?? [])];
}
