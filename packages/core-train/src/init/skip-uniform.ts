import type { Initializer } from "./initializer.ts";
import { skipping } from "./skipping.ts";

/** As {@link skipNormal}, where uniform numbers would have been drawn. */
export function skipUniform(): Initializer {
  return skipping((shape, rng) => rng.skipUniform(shape));
}
