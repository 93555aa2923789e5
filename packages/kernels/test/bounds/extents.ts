import { SLACK } from "../../src/wasm/slack.ts";

/** A piece of memory that was lent out. */
export interface Extent {
  readonly start: number;
  /** Up to here it may be written; read up to {@link SLACK} bytes further. */
  readonly end: number;
}

interface Module {
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
}

/** Bytes around each piece that nobody may write. As floats they are NaN, so that a sum tells that it read them. */
const GUARD = 64;
const PATTERN = 0xff;

/** The memory that tfjs has given out since `watch`: each piece lies between two guards, and is full of NaN until it is written. */
export class Extents {
  readonly #memory: WebAssembly.Memory;
  readonly #live = new Map<number, Extent>();
  readonly #unwatch: () => void;
  readonly #allocate: (bytes: number) => number;
  readonly #release: (address: number) => void;

  constructor(module: object, memory: WebAssembly.Memory) {
    const own = module as Module;
    const { _malloc: malloc, _free: free } = own;
    this.#memory = memory;
    this.#allocate = (bytes) => malloc(bytes) >>> 0;
    this.#release = free;
    own._malloc = (bytes) => this.take(bytes).start;
    own._free = (address) => this.give(address >>> 0);
    this.#unwatch = () => {
      own._malloc = malloc;
      own._free = (address) => (this.#live.has(address >>> 0) ? this.give(address >>> 0) : free(address));
    };
  }

  /** A piece of memory of its own. */
  take(bytes: number): Extent {
    const start = this.#allocate(bytes + 2 * GUARD) + GUARD;
    const extent = { start, end: start + bytes };
    this.#view(start - GUARD, bytes + 2 * GUARD).fill(PATTERN);
    this.#live.set(start, extent);
    return extent;
  }

  give(start: number): void {
    const extent = this.#live.get(start);
    if (extent === undefined) {
      this.#release(start);
      return;
    }
    this.#checkGuards(extent);
    this.#live.delete(start);
    this.#release(start - GUARD);
  }

  /** The piece that an address is in, or at the end of. */
  at(address: number): Extent | undefined {
    return (
      this.#live.get(address) ??
      [...this.#live.values()].find(({ start, end }) => start <= address && address <= end)
    );
  }

  /** @throws {RangeError} If something was written around a piece. */
  check(): void {
    for (const extent of this.#live.values()) this.#checkGuards(extent);
  }

  /** The piece that may be read or written there, among some. */
  static within(own: readonly Extent[], start: number, bytes: number, isWrite: boolean): boolean {
    const slack = isWrite ? 0 : SLACK;
    return own.some((piece) => piece.start <= start && start + bytes <= piece.end + slack);
  }

  /** Gives tfjs its own functions back. Pieces that are still lent are given back when tfjs frees them. */
  unwatch(): void {
    this.#unwatch();
  }

  #checkGuards({ start, end }: Extent): void {
    for (const [where, from] of [
      ["before", start - GUARD],
      ["after", end],
    ] as const) {
      const at = this.#view(from, GUARD).findIndex((byte) => byte !== PATTERN);
      if (at === -1) continue;
      this.#view(from, GUARD).fill(PATTERN);
      throw new RangeError(
        `A kernel wrote ${where} a tensor of ${end - start} bytes: ${from + at - (where === "after" ? end : start)} bytes from there.`,
      );
    }
  }

  #view(start: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, start, bytes);
  }
}
