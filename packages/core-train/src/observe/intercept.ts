import type { Layer } from "../module/layer.ts";

/**
 * Runs `body` while everything `layer` puts out goes through `replace`. Afterwards `layer` is itself again, also when
 * `body` throws. Synchronous. Nothing in a model knows about it; when off it costs nothing.
 */
export function intercept<Y, T>(layer: Layer<never, Y>, replace: (y: Y) => Y, body: () => T): T {
  const own = Object.getOwnPropertyDescriptor(layer, "forward");
  if (own === undefined ? !Object.isExtensible(layer) : own.configurable !== true) {
    throw new TypeError(
      `intercept: ${layer.constructor.name} is frozen (Object.freeze), so what it puts out cannot be replaced. Intercept a layer around it.`,
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
      result.catch(() => {}); // the error below is the one to be seen
      throw new TypeError(
        "intercept(layer, replace, body): body is asynchronous, but layer is itself again as soon as it returns.",
      );
    }
    return result;
  } finally {
    if (own === undefined) Reflect.deleteProperty(layer, "forward");
    else Object.defineProperty(layer, "forward", own);
  }
}
