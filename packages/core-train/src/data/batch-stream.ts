import { collate } from "./collate.ts";
import { DataError } from "./data-error.ts";
import { giveBatches } from "./give-batches.ts";
import { untilAborted } from "./until-aborted.ts";

/** Options for {@link batches} of a stream. */
export interface BatchStreamOptions {
  readonly size: number;
  /** Whether to drop a last batch that is not full. Default: false. */
  readonly dropLast?: boolean;
  /** Stops the loading: the loop throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The position of a stream, for JSON. */
export interface BatchStreamState {
  /** How many batches of the current epoch have been yielded, including the one in use; 0 between epochs. */
  readonly given: number;
}

/** The batches of a stream of items. Each `for await` restarts the stream. */
export class BatchStream<Batch> implements AsyncIterable<Batch> {
  readonly #stream: AsyncIterable<unknown>;
  readonly #options: BatchStreamOptions;
  readonly #collate: ((items: unknown[]) => unknown) | undefined;
  #given = 0;
  #skip = 0;

  constructor(
    stream: AsyncIterable<unknown>,
    options: BatchStreamOptions,
    collateItems?: (items: unknown[]) => unknown,
  ) {
    const { size } = options;
    if (!Number.isInteger(size) || size < 1)
      throw new DataError(`batches: the size is ${size}, expected an integer of 1 or more.`);
    this.#stream = stream;
    this.#options = options;
    this.#collate = collateItems;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const skip = this.#skip;
    this.#skip = 0;
    this.#given = skip;
    yield* giveBatches<Batch>(this.#load(skip), () => this.#given++);
    this.#given = 0;
  }

  state(): BatchStreamState {
    return { given: this.#given };
  }

  /** The next loop skips the batches that had been yielded. */
  restore({ given }: BatchStreamState): void {
    this.#skip = given;
    this.#given = given;
  }

  async *#load(skip: number): AsyncGenerator<unknown, void, undefined> {
    const { size, dropLast = false, signal } = this.#options;
    signal?.throwIfAborted();
    const items = this.#stream[Symbol.asyncIterator]();
    let pending: unknown[] = [];
    let read = 0;
    let over = false;
    try {
      while (!over) {
        const next = await untilAborted(items.next(), signal);
        over = next.done === true;
        if (!over) read++;
        if (!over && read > skip * size) pending.push(next.value);
        const full = pending.length === size;
        if (full || (over && pending.length > 0 && !dropLast)) {
          yield this.#put(pending, read - pending.length);
          pending = [];
        }
      }
      if (read === 0) throw new DataError("batches: the stream is empty.");
    } finally {
      if (!over) await items.return?.();
    }
  }

  #put(items: unknown[], first: number): unknown {
    return (
      this.#collate?.(items) ??
      collate(
        items,
        Array.from(items, (_, i) => first + i),
      )
    );
  }
}
