import { Rng } from "./rng.ts";

/**
 * The generator of one item of an epoch: it depends on where the item stands in the epoch and on nothing else, so not
 * on which worker loads it, nor on how many there are.
 *
 * @param seed the epoch's, of 64 bits
 * @param position how many items come before it in the epoch
 */
export function itemRng(seed: bigint, position: number): Rng {
  // every bit of both must change the 32 bits that the generator starts from: Steele, Lea and Flood's mixer, 2014
  let mixed = BigInt.asUintN(64, seed + (BigInt(position) + 1n) * 0x9e3779b97f4a7c15n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return new Rng((mixed ^ (mixed >> 31n)) & 0xffffffffn);
}
