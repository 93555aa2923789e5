import { Rng } from "@pellucid/core-train";

/**
 * The generator of item `index`: its own, so that an item does not depend on the process or the order in which it is made.
 *
 * @param part which part of the dataset, such as 0 for train and 1 for test
 */
export function rngOf(seed: number, part: number, index: number): Rng {
  return new Rng(mix(mix(mix(seed) ^ part) ^ index));
}

/** Spreads 32 bits over 32 bits, one to one: neighbors end far apart. Murmur's finalizer, Appleby, 2008. */
function mix(x: number): number {
  let bits = x >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) + 0x9e3779b9;
}
