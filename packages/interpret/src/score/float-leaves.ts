import { leaves, mapLeaves } from "@pellucid/core-train";
import { type Tensor, zeros } from "@tensorflow/tfjs-core";

/** The tensors of `x` that have a gradient: the floats among its leaves. */
export const floatLeaves = (x: unknown): Tensor[] => leaves(x).filter(isFloat);

/** The tensors of `like` where `x` has floats: both have the same fields. */
export function leavesAtFloats(x: unknown, like: unknown): Tensor[] {
  const all = leaves(x);
  return leaves(like).filter((_, i) => all[i] !== undefined && isFloat(all[i]));
}

/** A structure like `x` with other floats; its other tensors are those of `x`. */
export function withFloats<X>(x: X, floats: readonly Tensor[]): X {
  let next = 0;
  return mapLeaves(x, (leaf) => (isFloat(leaf) ? (floats[next++] ?? leaf) : leaf));
}

/** The attribution of `x`: these numbers for its floats, zeros for its other tensors. To be called in a `tidy`. */
export function attributionOf<X>(x: X, floats: readonly Tensor[]): X {
  let next = 0;
  return mapLeaves(x, (leaf) => (isFloat(leaf) ? floats[next++] : undefined) ?? zeros(leaf.shape));
}

function isFloat({ dtype }: Tensor): boolean {
  return dtype === "float32" || dtype === "complex64";
}
