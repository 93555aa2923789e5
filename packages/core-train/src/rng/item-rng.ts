import { Rng } from "./rng.ts";

/**
 * The generators of the items of an epoch. Each depends on the position of its item in the epoch and on nothing else, so not
 * on which worker loads it, nor on how many there are.
 *
 * @param seed the epoch's, of 64 bits
 * @returns of the generator of the item that has so many before it
 */
export function itemRngs(seed: bigint): (position: number) => Rng {
  const low = Number(BigInt.asUintN(32, seed));
  const high = Number(BigInt.asUintN(32, seed >> 32n));
  const epoch = mixed(low ^ mixed(high + 0x9e3779b9));
  return (position) => new Rng(mixed(epoch + mixed(position)) >>> 0);
}

/** Spreads a change of any bit over all 32: the last step of Appleby's MurmurHash3. */
function mixed(bits: number): number {
  let spread = bits | 0;
  spread = Math.imul(spread ^ (spread >>> 16), 0x85ebca6b);
  spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
  return spread ^ (spread >>> 16);
}
