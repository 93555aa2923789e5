import { checkBatchSize } from "./batch-sampler.ts";
import { collate } from "./collate.ts";
import { DataError } from "./data-error.ts";
import { giveBatches, type LoadedBatch } from "./give-batches.ts";
import { untilAborted } from "./until-aborted.ts";
import { checkOptions } from "../check-options.ts";
import { checkRecord } from "../check-record.ts";

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
  /** How many items of the current epoch have been yielded, including those in use; 0 between epochs. */
  readonly items: number;
}

/** The batches of a stream of items. Each `for await` restarts the stream. */
export class BatchStream<Batch> implements AsyncIterable<Batch> {
  readonly #stream: AsyncIterable<unknown>;
  readonly #options: BatchStreamOptions;
  readonly #collate: ((items: unknown[]) => unknown) | undefined;
  #items = 0;
  #skip = 0;

  constructor(
    stream: AsyncIterable<unknown>,
    options: BatchStreamOptions,
    collateItems?: (items: unknown[]) => unknown,
  ) {
    checkOptions("BatchStream", options, ["size", "dropLast", "signal"]);
    checkRecord("BatchStream", "the stream", stream, []);
    checkBatchSize(options.size);
    this.#stream = stream;
    this.#options = options;
    this.#collate = collateItems;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const skip = this.#skip;
    this.#skip = 0;
    this.#items = skip;
    yield* giveBatches<Batch>(this.#load(skip), (items) => {
      this.#items += items;
    });
    this.#items = 0;
  }

  state(): BatchStreamState {
    return { items: this.#items };
  }

  /** The next loop skips the items that had been yielded, also in batches of another size. */
  restore({ items }: BatchStreamState): void {
    if (!Number.isInteger(items) || items < 0)
      throw new DataError(`batches: the state has given ${items} items, expected an integer of 0 or more.`);
    this.#skip = items;
    this.#items = items;
  }

  async *#load(skip: number): AsyncGenerator<LoadedBatch, void, undefined> {
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
        if (!over && read > skip) pending.push(next.value);
        const full = pending.length === size;
        if (full || (over && pending.length > 0 && !dropLast)) {
          yield { host: this.#collated(pending, read - pending.length), items: pending.length };
          pending = [];
        }
      }
      if (read === 0) throw new DataError("batches: the stream is empty.");
    } finally {
      if (!over) await items.return?.();
    }
  }

  #collated(items: unknown[], first: number): unknown {
    return (
      this.#collate?.(items) ??
      collate(
        items,
        Array.from(items, (_, i) => first + i),
      )
    );
  }
}
