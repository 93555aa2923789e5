import { startThread } from "#start-thread";
import type { Functions } from "../wasm/functions.generated.ts";
import { CALL, MOST, states, WORDS, words } from "./control.ts";
import { ThreadError } from "./thread-error.ts";
import type { Thread } from "./thread.ts";
import { threadSource } from "./thread-source.ts";

/** A call of a function with its arguments in their order. */
export interface Call {
  readonly name: keyof Functions;
  readonly values: readonly number[];
}

/** What the threads of a pool compute with. */
export interface ThreadCode {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: Readonly<Record<string, (...values: number[]) => number>>;
}

/** Calls that a job has at most. */
const CALLS = 4 * MOST;

/** How often the caller looks whether the last calls are done before it sleeps. */
const LOOKS = 2_000;

/** Options for {@link ThreadPool.start}, for tests. */
export interface PoolOptions {
  /** The program of the threads. Default: {@link threadSource}. */
  readonly source?: string;
  /** Milliseconds after which a call that a thread has taken counts as lost, and a hundred times what the caller's own calls of the job took. Default: 20,000. */
  readonly patience?: number;
}

/**
 * Threads that take the calls of a job, one after the other, as does the caller: those that are awake do the work, and nobody waits for a thread that has
 * taken none.
 */
export class ThreadPool {
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  readonly #calls = new Float64Array(new SharedArrayBuffer(8 * CALL * CALLS));
  readonly #indices: ReadonlyMap<string, number>;
  readonly #functions: readonly ((...values: number[]) => number)[];
  readonly #threads: Thread[];
  readonly #mayBlock = mayBlock();
  readonly #patience: number;
  #lost = "";

  /** @param names of the functions that can be called */
  private constructor(code: ThreadCode, names: readonly string[], count: number, options: PoolOptions) {
    const { source = threadSource, patience = 20_000 } = options;
    const { module, memory } = code;
    this.#patience = patience;
    this.#indices = new Map(names.map((name, i) => [name, i]));
    this.#functions = names.map((name) => code.exports[name] as (...values: number[]) => number);
    const [control, calls] = [this.#control, this.#calls];
    this.#threads = Array.from({ length: count - 1 }, (_, i) =>
      startThread(source, { module, memory, control, calls, names, number: i + 1 }, (reason) => {
        this.#lost ||= `thread ${i + 1} of ${count} has ended: ${reason}`;
      }),
    );
  }

  /**
   * A pool of `count` threads, the caller's among them, once all of them wait for jobs.
   *
   * @throws {ThreadError} If one could not be started.
   */
  static async start(
    code: ThreadCode,
    names: readonly string[],
    count: number,
    options: PoolOptions = {},
  ): Promise<ThreadPool> {
    const pool = new ThreadPool(code, names, count, options);
    try {
      await Promise.all(pool.#threads.map(({ ready }) => ready));
    } catch (cause) {
      pool.stop();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ThreadError(`a thread could not be started: ${reason}.`, { cause });
    }
    return pool;
  }

  get count(): number {
    return this.#threads.length + 1;
  }

  /**
   * Makes all calls, in any order and at the same time.
   *
   * @throws {ThreadError} If a thread has ended, or its call failed.
   */
  run(calls: readonly Call[]): void {
    if (calls.length === 1) return this.#callAlone(calls[0] as Call);
    if (this.#lost !== "") throw new ThreadError(`${this.#lost}.`);
    calls.forEach(({ name, values }, i) => {
      if (values.length > CALL - 2)
        throw new RangeError(`${name} has ${values.length} arguments: raise CALL.`);
      this.#calls[i * CALL] = this.#indices.get(name) as number;
      this.#calls[i * CALL + 1] = values.length;
      this.#calls.set(values, i * CALL + 2);
    });
    const control = this.#control;
    Atomics.store(control, words.DONE, 0);
    Atomics.store(control, words.LEFT, calls.length);
    Atomics.add(control, words.JOB, 1);
    Atomics.notify(control, words.JOB);
    const began = performance.now();
    try {
      for (;;) {
        const left = Atomics.sub(control, words.LEFT, 1);
        if (left <= 0) break;
        try {
          this.#callAlone(calls[left - 1] as Call);
        } finally {
          Atomics.add(control, words.DONE, 1);
        }
      }
    } finally {
      this.#wait(calls, performance.now() - began);
    }
    if (control[words.FAILED] !== 0) throw this.#failure(calls);
  }

  /** Ends the threads. */
  stop(): void {
    Atomics.store(this.#control, words.STOP, 1);
    Atomics.add(this.#control, words.JOB, 1);
    Atomics.notify(this.#control, words.JOB);
    for (const thread of this.#threads) thread.stop();
  }

  #callAlone({ name, values }: Call): void {
    this.#functions[this.#indices.get(name) as number]?.(...values);
  }

  /** Until all calls are done. Once none is left and no thread is busy, those that are not done never will be. */
  #wait(calls: readonly Call[], own: number): void {
    const control = this.#control;
    const isDone = () => Atomics.load(control, words.DONE) >= calls.length;
    for (let i = 0; i < LOOKS; i++) if (isDone()) return;
    const end = performance.now() + this.#patience + 100 * own;
    while (!isDone()) {
      const done = Atomics.load(control, words.DONE);
      const isBusy = this.#threads.some((_, i) => Atomics.load(control, words.STATE + i + 1) === states.BUSY);
      if (isDone()) return;
      if (!isBusy || performance.now() > end) {
        this.#lost ||= `a thread ended while it computed ${calls[0]?.name}`;
        throw new ThreadError(`${this.#lost}.`);
      }
      if (this.#mayBlock) Atomics.wait(control, words.DONE, done, 10);
    }
  }

  #failure(calls: readonly Call[]): ThreadError {
    const control = this.#control;
    const text = control.slice(words.TEXT, words.TEXT + (control[words.LENGTH] as number));
    const number = control[words.FAILED] as number;
    this.#lost ||= `thread ${number} of ${this.count} failed in ${calls[0]?.name}: ${String.fromCharCode(...text)}`;
    return new ThreadError(`${this.#lost}.`);
  }
}

/** Whether this thread may sleep until others are done, which that of a page may not. */
function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
