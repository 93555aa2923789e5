import { type HostTensor, sizeOf } from "@pellucid/core-train";
import { hashed } from "./hashed.ts";

/** Weights that the Python side makes by the same formula: of the k-th name in their order, {@link hashed} numbers of `k`, changed. */
export function formulaWeights(
  shapes: Readonly<Record<string, readonly number[]>>,
  change: (x: number, name: string, shape: readonly number[]) => number,
): Record<string, HostTensor> {
  const weights = Object.keys(shapes)
    .toSorted()
    .map((name, k): [string, HostTensor] => {
      const shape = shapes[name] as readonly number[];
      const data = Float32Array.from(hashed(sizeOf(shape), k), (x) => change(Math.fround(x), name, shape));
      return [name, { data, shape }];
    });
  return Object.fromEntries(weights);
}
