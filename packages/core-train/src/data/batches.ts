import { checkOptions } from "../check-options.ts";
import { Rng, type RngState } from "../rng/rng.ts";
import type { BatchOf, TensorsOf } from "./batch-of.ts";
import { checkBatchSize } from "./batch-sampler.ts";
import type { BatchesOptions, Collating } from "./batches-options.ts";
import { BatchStream, type BatchStreamOptions } from "./batch-stream.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { type EpochOrder, orderOfBatches, orderOfSize } from "./epoch-order.ts";
import { fetchBatch } from "./fetch-batch.ts";
import { giveBatches, type LoadedBatch } from "./give-batches.ts";
import { randomSampler } from "./random-sampler.ts";
import { sequentialSampler } from "./sequential-sampler.ts";
import { untilAborted } from "./until-aborted.ts";
import type { WorkerPool } from "./worker-pool.ts";
import type { Workers } from "./workers.ts";
import { checkRecord } from "../check-record.ts";

/** The position of a loader, for JSON. */
export interface BatchesState {
  /** How many epochs have begun. */
  readonly epochs: number;
  readonly rng: RngState | null;
  /** The unfinished epoch. */
  readonly running: {
    /** Which, from 0. */
    readonly epoch: number;
    /** The generator as it was before the epoch. */
    readonly rng: RngState | null;
    /** How many of its items have been yielded, including those in use. */
    readonly items: number;
  } | null;
}

/**
 * A dataset in batches of tensors, in PyTorch's order. Each `for await` is a new epoch.
 *
 * ```ts
 * for await (const { x, y } of batches(digits, { size: 32, shuffle: true, rng })) {
 *   await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
 * }
 * ```
 *
 * The loader owns the tensors of a batch: it frees them when the next batch is requested, when the loop is left, and when
 * something throws. Clone a tensor to keep it.
 *
 * @param dataset a {@link Dataset}, or a stream of items
 * @throws OptionError for an unknown option
 * @throws DataError for an empty dataset and a size that is not an integer of 1 or more; in the loop, for items that cannot be loaded or
 *   collated
 */
export function batches<Item, Host>(
  dataset: Dataset<Item>,
  options: BatchesOptions & Collating<Item, Host>,
): Batches<TensorsOf<Host>>;
export function batches<Item>(dataset: Dataset<Item>, options: BatchesOptions): Batches<BatchOf<Item>>;
export function batches<Item, Host>(
  stream: AsyncIterable<Item>,
  options: BatchStreamOptions & Collating<Item, Host>,
): BatchStream<TensorsOf<Host>>;
export function batches<Item>(
  stream: AsyncIterable<Item>,
  options: BatchStreamOptions,
): BatchStream<BatchOf<Item>>;
export function batches<Item>(
  source: Dataset<Item> | AsyncIterable<Item>,
  options: (BatchesOptions | BatchStreamOptions) & Partial<Collating<Item, unknown>>,
): Batches<unknown> | BatchStream<unknown> {
  checkRecord("batches", "the dataset", source, []);
  if (Symbol.asyncIterator in source)
    checkOptions("batches", options as StreamOptions, ["size", "dropLast", "signal", "collate"]);
  else checkOptions("batches", options as ItemOptions, itemOptions);
  const { collate, ...others } = options;
  const join = collate as ((items: unknown[]) => unknown) | undefined;
  return Symbol.asyncIterator in source
    ? new BatchStream(source, others as BatchStreamOptions, join)
    : new Batches(source, others as BatchesOptions, join);
}

type ItemOptions = BatchesOptions & Partial<Collating<unknown, unknown>>;
type StreamOptions = BatchStreamOptions & Partial<Collating<unknown, unknown>>;

const itemOptions = [
  "size",
  "dropLast",
  "batchSampler",
  "shuffle",
  "sampler",
  "rng",
  "workers",
  "prefetch",
  "signal",
  "collate",
] as const;

/** The batches of a dataset. */
export class Batches<Batch> implements AsyncIterable<Batch> {
  /** How many batches an epoch has. */
  readonly length: number;
  readonly #dataset: Dataset<unknown>;
  readonly #options: BatchesOptions;
  readonly #collate: ((items: unknown[]) => unknown) | undefined;
  readonly #order: EpochOrder;
  readonly #ahead: number;
  #epochs = 0;
  #running: Epoch | null = null;
  #resume: Epoch | null = null;

  constructor(dataset: Dataset<unknown>, options: BatchesOptions, collate?: (items: unknown[]) => unknown) {
    checkRecord("batches", "the dataset", dataset, ["length", "get"]);
    checkRecord("batches", "options", options, []);
    const order = orderOf(dataset.length, options);
    if (order.length < 1)
      throw new DataError(
        `batches: ${dataset.length} items give no full batch of ${options.size}. Set dropLast: false or a smaller size.`,
      );
    this.#dataset = dataset;
    this.#options = options;
    this.#collate = collate;
    this.#order = order;
    this.#ahead = aheadOf(options);
    this.length = order.length;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    return this.#epoch();
  }

  /** The position of the loader, also within an epoch. */
  state(): BatchesState {
    const running = this.#running;
    return {
      epochs: this.#epochs,
      rng: this.#options.rng?.state() ?? null,
      running: running === null ? null : { epoch: running.epoch, rng: running.rng, items: running.items },
    };
  }

  /**
   * Resumes where `state` was taken: the next loop yields the remaining items of the epoch that was running then, also in batches of
   * another size. The loader's generator resumes too.
   */
  restore({ epochs, rng, running }: BatchesState): void {
    const own = this.#options.rng;
    const given = running === null ? 0 : running.items;
    const { items } = this.#order;
    if ((rng === null) !== (own === undefined) || !(given <= (items ?? Infinity)))
      throw new DataError(
        `batches: the state does not fit this loader: it has ${rng === null ? "no " : "a "}generator and has given ${given} of ${items ?? "its"} items.`,
      );
    if (rng !== null) own?.restore(rng);
    this.#epochs = epochs;
    this.#resume = running === null ? null : { ...running, drawn: true };
    this.#running = this.#resume;
  }

  async *#epoch(): AsyncGenerator<Batch, void, undefined> {
    const epoch = this.#begin();
    yield* giveBatches<Batch>(this.#load(epoch), (items) => {
      epoch.items += items;
    });
    if (this.#running === epoch) this.#running = null;
  }

  #begin(): Epoch {
    const resumed = this.#resume;
    this.#resume = null;
    const rng = this.#options.rng?.state() ?? null;
    this.#running = resumed ?? { epoch: this.#epochs++, rng, items: 0, drawn: false };
    return this.#running;
  }

  /** The batches of an epoch on the host, in their order, loaded ahead. */
  async *#load(epoch: Epoch): AsyncGenerator<LoadedBatch, void, undefined> {
    const { workers, signal } = this.#options;
    let position = epoch.items;
    const { seed, chosen } = this.#draw(epoch);
    signal?.throwIfAborted();
    const pool = workers !== undefined && workers.count > 0 ? await poolOf(workers) : null;
    const loading: { readonly batch: Promise<unknown>; readonly items: number }[] = [];
    const next = async (): Promise<LoadedBatch | null> => {
      const first = loading.shift();
      if (first === undefined) return null;
      return { host: this.#collated(await untilAborted(first.batch, signal)), items: first.items };
    };
    try {
      for (const indices of chosen) {
        const request = { indices, position, seed, collated: this.#collate === undefined };
        const batch = pool?.fetch(request) ?? fetchBatch(this.#dataset, request);
        batch.catch(() => {}); // thrown when it is awaited
        loading.push({ batch, items: indices.length });
        position += indices.length;
        const loaded = loading.length > this.#ahead ? await next() : null;
        if (loaded !== null) yield loaded;
      }
      for (let loaded = await next(); loaded !== null; loaded = await next()) yield loaded;
    } finally {
      pool?.stop();
    }
  }

  #collated(loaded: unknown): unknown {
    return this.#collate === undefined ? loaded : this.#collate(loaded as unknown[]);
  }

  /** Draws the order of an epoch, or draws that of a resumed epoch again. */
  #draw({ epoch, rng: before, items, drawn }: Epoch): { seed: bigint; chosen: Int32Array[] } {
    const { rng: own } = this.#options;
    const rng = drawn || own === undefined ? new Rng(0) : own;
    if (drawn && before !== null) rng.restore(before);
    const seed = own === undefined ? BigInt(epoch) : rng.int64();
    const chosen = this.#order.draw(rng, items);
    const { length } = this.#dataset;
    for (const indices of chosen) {
      const wrong = indices.find((index) => index < 0 || index >= length);
      if (wrong !== undefined)
        throw new DataError(`batches: the sampler drew item ${wrong}, but there are ${length} items.`);
    }
    return { seed, chosen };
  }
}

/** Loaded when it is first asked for: most programs have no workers. */
async function poolOf(workers: Workers): Promise<WorkerPool> {
  const loaded = await import("./worker-pool.ts");
  return new loaded.WorkerPool(workers);
}

interface Epoch {
  readonly epoch: number;
  /** The generator as it was before the epoch. */
  readonly rng: RngState | null;
  /** How many of its items have been yielded. */
  items: number;
  /** Whether the epoch is resumed: the generator is already past its draws. */
  readonly drawn: boolean;
}

function orderOf(length: number, options: BatchesOptions): EpochOrder {
  if (!Number.isInteger(length) || length < 0)
    throw new DataError(`batches: the dataset's length is ${length}, expected an integer.`);
  if (length === 0) throw new DataError("batches: the dataset is empty.");
  const { shuffle = false, sampler, rng, batchSampler: given, size, dropLast = false } = options;
  if ((shuffle || sampler !== undefined) && rng === undefined)
    throw new DataError("batches: shuffle and sampler need { rng }: new Rng(seed).");
  if (given !== undefined) return orderOfBatches(given);
  checkBatchSize(size);
  const order = sampler ?? (shuffle ? randomSampler(length) : sequentialSampler(length));
  return orderOfSize(order, size, dropLast);
}

function aheadOf({ workers, prefetch }: BatchesOptions): number {
  const count = workers?.count ?? 0;
  const each = prefetch ?? (count > 0 ? 2 : 0);
  if (!Number.isInteger(each) || each < (count > 0 ? 1 : 0))
    throw new DataError(
      `batches: prefetch is ${each}, expected an integer of ${count > 0 ? "1 or more with workers" : "0 or more"}.`,
    );
  return count > 0 ? count * each - 1 : each;
}
