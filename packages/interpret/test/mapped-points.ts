import { Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { tensor2d } from "@tensorflow/tfjs-core";

interface Maps {
  readonly curves: readonly { spread: number; minDistance: number; a: number; b: number }[];
  readonly procrustes: readonly number[];
  readonly memberships: readonly (readonly number[])[];
  readonly trustworthiness: number;
}

/** SciPy's and scikit-learn's answers. */
export const maps = fixture<Maps>(import.meta.url, "../fixtures/scipy/maps.json");

/** Three groups of points in five dimensions, and the group of each. */
export function blobs(perBlob: number): { x: Float32Array; label: number[] } {
  const rng = new Rng(7);
  const noise = rng.randn([3 * perBlob, 5]).data;
  return {
    x: noise.map((v, i) => v * 0.3 + (Math.floor(i / (5 * perBlob)) === i % 5 ? 6 : 0)),
    label: Array.from({ length: 3 * perBlob }, (_, i) => Math.floor(i / perBlob)),
  };
}

/** As `points` of maps.py. */
export const formula = (count: number, dimensions: number, seed: number) =>
  tensor2d(
    Float32Array.from(
      { length: count * dimensions },
      (_, i) => Math.sin(seed + 1.7 * i) + Math.cos(0.3 * i * seed),
    ),
    [count, dimensions],
  );
