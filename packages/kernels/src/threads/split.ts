import type { Functions } from "../wasm/functions.generated.ts";

/** The arguments of a function by their names; truth values are 0 and 1. */
export type Values<Name extends keyof Functions> = {
  readonly [Key in keyof Parameters<Functions[Name]>[0]]: number;
};

/** A call of one of our functions. */
export interface Part {
  readonly name: keyof Functions;
  readonly values: Readonly<Record<string, number>>;
}

/** What a split can use. */
export interface Splitter {
  readonly threads: number;
  /** Whether so much work is worth the threads. */
  pays(work: number, least: number): boolean;
  /** The address of memory of so many bytes, until the job is done. */
  readonly room: (bytes: number) => number;
  /** The memory as integers. */
  readonly words: Int32Array;
}

/** How a call becomes calls that threads make side by side, each of which writes what no other writes or reads. */
export interface Split<Name extends keyof Functions = keyof Functions> {
  readonly name: Name;
  /** The arguments whose product tells how long the call takes. */
  readonly sizes: readonly (keyof Values<Name> & string)[];
  /** The least product for which threads pay. */
  readonly least: number;
  /** Jobs, one after the other; `null` where the call is better made as it is. */
  parts(values: Values<Name>, splitter: Splitter): readonly (readonly Part[])[] | null;
}

/** A typed {@link Split} among those of other functions. */
export function split<Name extends keyof Functions>(own: Split<Name>): Split {
  return own as unknown as Split; // its values are those of its own function
}

/** A call, with checked arguments. */
export function part<Name extends keyof Functions>(name: Name, values: Values<Name>): Part {
  return { name, values };
}

/**
 * Cuts `0 … total` into at most `pieces`, each of which begins at a multiple of `grain`.
 *
 * @param least each has as many, for one with few may be computed in another way; a multiple of `grain`
 */
export function ranges(
  total: number,
  pieces: number,
  grain = 1,
  least = grain,
): readonly { readonly first: number; readonly count: number }[] {
  const size = Math.max(least, Math.ceil(total / pieces / grain) * grain);
  const count = Math.max(1, Math.floor(total / size) + (total % size >= least ? 1 : 0));
  return Array.from({ length: count }, (_, i) => ({
    first: i * size,
    count: i === count - 1 ? total - i * size : size,
  }));
}

/** Addresses of blocks of so many bytes. */
export function rooms<Name extends string>(
  blocks: Readonly<Record<Name, number>>,
  room: (bytes: number) => number,
): Readonly<Record<Name, number>> {
  const entries = Object.entries<number>(blocks).map(([name, bytes]) => [name, room(bytes)]);
  return Object.fromEntries(entries) as Readonly<Record<Name, number>>;
}
