import type { Layer } from "../module/layer.ts";

/**
 * Whether somebody looks at what a layer puts out, or replaces it: `capture` or `intercept` runs. A model asks it where showing a
 * thing costs more than not to: attention that nobody looks at need not lay its weights out.
 */
export function isIntercepted(layer: Layer<never, unknown>): boolean {
  return Object.hasOwn(layer, "forward");
}
