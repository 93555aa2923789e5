import { leaves } from "@pellucid/core-train";
import { Tensor } from "@tensorflow/tfjs-core";

/** The tensors of a structure with their paths: `input.edges.0`. */
export function namedLeaves(x: unknown, name: string): (readonly [path: string, leaf: Tensor])[] {
  if (x instanceof Tensor) return [[name, x]];
  if (leaves(x, name).length === 0 || typeof x !== "object" || x === null) return [];
  return Object.entries(x).flatMap(([field, value]) => namedLeaves(value, `${name}.${field}`));
}
