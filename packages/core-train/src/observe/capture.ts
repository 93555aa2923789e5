import { clone, keep, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import type { Structured } from "../struct/struct.ts";
import { intercept } from "./intercept.ts";
import { checkRecord } from "../check-record.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * The output of `layer` while `body` ran, which must run it once: a tensor, or a structure of them. It is the caller's; all
 * that `body` makes is freed. Gradients flow through it.
 */
export function capture<Y extends Structured<Y>>(layer: Layer<never, Y>, body: () => unknown): Y {
  checkRecord("capture", "layer", layer, ["forward"]);
  checkFunction("capture", "body", body);
  const caught: Y[] = [];
  const keepCopy = (y: Y): Y => {
    caught.push(mapLeaves(y, (leaf) => keep(clone(leaf))));
    return y;
  };
  try {
    intercept(layer, keepCopy, () => {
      tidy(() => {
        body();
      });
    });
    const [output] = caught;
    if (output === undefined || caught.length > 1) {
      const name = layer.constructor.name;
      throw new RangeError(
        `capture: ${name} ran ${caught.length} times, expected once. Is it the layer that body runs?`,
      );
    }
    return mapLeaves(output, (leaf) => clone(leaf));
  } finally {
    disposeLeaves(caught);
  }
}
