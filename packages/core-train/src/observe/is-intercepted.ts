import type { Layer } from "../module/layer.ts";
import { checkRecord } from "../check-record.ts";

/**
 * Whether the output of a layer is observed: `capture` or `intercept` runs. For models in which an observable output costs more:
 * attention computes its weights as a tensor only when they are observed.
 */
export function isIntercepted(layer: Layer<never, unknown>): boolean {
  checkRecord("isIntercepted", "layer", layer, ["forward"]);
  return Object.hasOwn(layer, "forward");
}
