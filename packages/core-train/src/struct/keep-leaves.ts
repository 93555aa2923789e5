import { clone, keep } from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import { disposeLeaves } from "./dispose-leaves.ts";
import { leaves } from "./leaves.ts";
import { mapLeaves } from "./map-leaves.ts";

/** A copy of a structure that outlives every scope and counts as constant. It shares the memory of `x`. */
export function keepLeaves<X>(x: X): X {
  leaves(x); // throws before anything is kept
  return noGrad(() => mapLeaves(x, (leaf) => keep(clone(leaf))));
}

/** Hands a structure that {@link keepLeaves} made to the scope around, which frees it like any other. */
export function releaseLeaves<X>(kept: X): X {
  const owned = noGrad(() => mapLeaves(kept, (leaf) => clone(leaf)));
  disposeLeaves(kept);
  return owned;
}
