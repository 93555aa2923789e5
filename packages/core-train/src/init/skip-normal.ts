import type { Initializer } from "./initializer.ts";
import { skipping } from "./skipping.ts";

/**
 * Zeros, for a parameter that is drawn again later: the generator continues as if normal numbers had been drawn, in a
 * small part of their time. PyTorch draws tied weights several times, and its seeds count all of them.
 */
export function skipNormal(): Initializer {
  return skipping((shape, rng) => rng.skipNormal(shape));
}
