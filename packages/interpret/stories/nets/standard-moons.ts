import type { Table } from "@pellucid/datasets";

/** The points of two moons, moved and scaled to about mean 0 and deviation 1. */
export function standardMoons({ features }: Table<Int32Array>): Float32Array {
  return features.data.map((value, i) => (i % 2 === 0 ? (value - 0.5) / 0.87 : (value - 0.25) / 0.5));
}
