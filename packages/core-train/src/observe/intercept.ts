import type { Layer } from "../module/layer.ts";
import { checkRecord } from "../check-record.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * Runs `body` while `replace` is applied to each output of `layer`, a tensor or a structure. Afterwards `layer` is restored, also when
 * `body` throws. Synchronous. A model needs no code for it, and it costs nothing when it is not used.
 */
export function intercept<Y, T>(layer: Layer<never, Y>, replace: (y: Y) => Y, body: () => T): T {
  checkRecord("intercept", "layer", layer, ["forward"]);
  checkFunction("intercept", "replace", replace);
  checkFunction("intercept", "body", body);
  const own = Object.getOwnPropertyDescriptor(layer, "forward");
  if (own === undefined ? !Object.isExtensible(layer) : own.configurable !== true) {
    throw new TypeError(
      `intercept: ${layer.constructor.name} is frozen (Object.freeze), so its output cannot be replaced. Intercept a layer around it.`,
    );
  }
  const forward = layer.forward.bind(layer);
  Object.defineProperty(layer, "forward", {
    value: (input: never) => replace(forward(input)),
    configurable: true,
    writable: true,
  });
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => {}); // report the error below instead
      throw new TypeError(
        "intercept(layer, replace, body): body is asynchronous, but layer is restored as soon as it returns.",
      );
    }
    return result;
  } finally {
    if (own === undefined) Reflect.deleteProperty(layer, "forward");
    else Object.defineProperty(layer, "forward", own);
  }
}
