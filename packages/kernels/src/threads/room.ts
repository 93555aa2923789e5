import { SLACK } from "../wasm/slack.ts";

/** Memory of the heap that jobs work in, one after the other. */
export class Room {
  readonly #malloc: (bytes: number) => number;
  readonly #free: (address: number) => void;
  #blocks: { readonly start: number; readonly size: number }[] = [];
  #used = 0;

  constructor(malloc: (bytes: number) => number, free: (address: number) => void) {
    this.#malloc = malloc;
    this.#free = free;
  }

  /** An address at a multiple of 16. */
  take(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / 16) * 16;
    const last = this.#blocks.at(-1);
    if (last === undefined || this.#used + size > last.size) return this.#grow(size);
    const at = last.start + this.#used;
    this.#used += size;
    return Math.ceil(at / 16) * 16;
  }

  /** Begins anew: what was taken is not needed any more. Of several blocks there will be one. */
  reset(): void {
    this.#used = 0;
    if (this.#blocks.length < 2) return;
    const whole = this.#blocks.reduce((sum, { size }) => sum + size, 0);
    this.dispose();
    this.#grow(whole);
    this.#used = 0;
  }

  dispose(): void {
    for (const { start } of this.#blocks) this.#free(start);
    this.#blocks = [];
    this.#used = 0;
  }

  #grow(size: number): number {
    const whole = Math.max(size + 16, SMALLEST);
    const start = this.#malloc(whole) >>> 0;
    if (start === 0) throw new RangeError(`WASM has no memory left: threads need ${whole} bytes to work in.`);
    this.#blocks.push({ start, size: whole - 16 });
    this.#used = size;
    return Math.ceil(start / 16) * 16;
  }
}

const SMALLEST = 2 ** 18;
