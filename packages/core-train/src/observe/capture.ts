import { clone, dispose, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { intercept } from "./intercept.ts";

/**
 * What `layer` put out while `body` ran, which must run it once. The result is the caller's; what `body` makes is freed.
 */
export function capture<Y extends Tensor>(layer: Layer<never, Y>, body: () => unknown): Y {
  const caught: Y[] = [];
  const keepCopy = (y: Y): Y => {
    caught.push(keep(clone(y)));
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
    caught.length = 0;
    return tidy(() => release(output));
  } finally {
    dispose(caught);
  }
}

/** Hands a kept tensor to the scope around, which frees it like any other. */
function release<Y extends Tensor>(kept: Y): Y {
  const owned = clone(kept);
  kept.dispose();
  return owned;
}
