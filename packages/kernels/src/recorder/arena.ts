import { SLACK } from "../wasm/slack.ts";

/** Memory that is lent and given back: from blocks of the heap, each where it fits best. */
export class Arena {
  readonly #take: (bytes: number) => number;
  readonly #chunks: { readonly start: number; readonly size: number }[] = [];
  readonly #lent = new Map<number, number>();
  readonly #pinned = new Set<number>();
  /** What is free, by address. */
  readonly #free: { start: number; size: number }[] = [];

  /** @param take memory from the heap, at a multiple of 16 */
  constructor(take: (bytes: number) => number) {
    this.#take = take;
  }

  /** The memory taken from the heap, in bytes. */
  get bytes(): number {
    return this.#chunks.reduce((sum, { size }) => sum + size, 0);
  }

  alloc(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / 16) * 16;
    const best = this.#bestFor(size);
    const { start, size: whole } = this.#free[best] as { start: number; size: number };
    if (whole === size) this.#free.splice(best, 1);
    else this.#free[best] = { start: start + size, size: whole - size };
    this.#lent.set(start, size);
    return start;
  }

  /** Gives memory back, unless it is pinned. */
  free(start: number): void {
    const size = this.#lent.get(start);
    if (size === undefined || this.#pinned.has(start)) return;
    this.#lent.delete(start);
    this.#put(start, size);
  }

  /** Keeps memory as it is when it is given back. */
  pin(start: number): void {
    this.#pinned.add(start);
  }

  /** Whether memory comes from here. */
  owns(start: number): boolean {
    return this.#chunks.some((chunk) => start >= chunk.start && start < chunk.start + chunk.size);
  }

  #bestFor(size: number): number {
    let best = -1;
    for (let i = 0; i < this.#free.length; i++) {
      const block = this.#free[i] as { size: number };
      if (block.size >= size && (best < 0 || block.size < (this.#free[best] as { size: number }).size))
        best = i;
    }
    if (best >= 0) return best;
    const whole = Math.max(size, Math.min(LARGEST, Math.max(SMALLEST, this.bytes)));
    const start = this.#take(whole);
    this.#chunks.push({ start, size: whole });
    return this.#put(start, whole);
  }

  /** Adds free memory, and joins it with its neighbors where one block of the heap holds both. */
  #put(start: number, size: number): number {
    let at = this.#free.findIndex((block) => block.start > start);
    if (at < 0) at = this.#free.length;
    this.#free.splice(at, 0, { start, size });
    this.#join(at);
    return at > 0 && this.#join(at - 1) ? at - 1 : at;
  }

  #join(at: number): boolean {
    const [block, next] = [this.#free[at], this.#free[at + 1]];
    if (block === undefined || next === undefined || block.start + block.size !== next.start) return false;
    if (this.#chunks.some(({ start }) => start === next.start)) return false;
    block.size += next.size;
    this.#free.splice(at + 1, 1);
    return true;
  }
}

const SMALLEST = 2 ** 16;
const LARGEST = 2 ** 24;
