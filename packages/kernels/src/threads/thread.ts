/** What a thread is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly calls: Float64Array;
  /** The functions that calls name by their index. */
  readonly names: readonly string[];
  /** Which thread it is: 1 is the first next to the caller's, 0. */
  readonly number: number;
}

/** A thread of a pool, wherever it runs. */
export interface Thread {
  /** Resolves once it waits for jobs, and rejects if it could not be started. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** @param onEnd called with a reason once the thread has ended, however that was */
export type StartThread = (source: string, data: ThreadData, onEnd: (reason: string) => void) => Thread;
