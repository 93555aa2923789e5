import { neg } from "@tensorflow/tfjs-core";
import { mapByPath } from "./map-by-path.ts";
import type { Stateless, Transform } from "./transform.ts";

/** Turns gradients around, so that a descent climbs; leaves them where `maximize` is false. */
export function ascend(maximize: boolean): Transform<Stateless> {
  return {
    init: () => ({}),
    update: (gradients, state) => [
      maximize ? mapByPath(gradients, (gradient) => neg(gradient)) : gradients,
      state,
    ],
  };
}
