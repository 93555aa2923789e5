/** What a thread is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Shared words by which the pool and its threads signal each other: see `control.ts`. */
  readonly control: Int32Array;
  /** Shared: the calls of a job, each the index of its function and its arguments. */
  readonly calls: Float64Array;
  /** The functions that calls name by their index. */
  readonly names: readonly string[];
  /** Which thread it is, from 1 on: 0 is the caller's own. */
  readonly number: number;
}

/** A thread of a pool, wherever it runs. */
export interface Thread {
  /** Resolves once it waits for jobs, and rejects if it could not be started. */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * Starts a thread.
 *
 * @param source the code that it runs, as text
 * @param onEnd called with a reason once the thread has ended, however that was
 */
export type StartThread = (source: string, data: ThreadData, onEnd: (reason: string) => void) => Thread;
