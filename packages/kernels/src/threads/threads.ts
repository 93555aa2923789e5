import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { parameters } from "./parameters.generated.ts";
import { MOST } from "./control.ts";
import { Room } from "./room.ts";
import type { Part, Split, Splitter } from "./split.ts";
import { splits } from "./splits.ts";
import { type Call, type ThreadCode, ThreadPool } from "./thread-pool.ts";

type WasmFunction = (...values: number[]) => number;
type Exports = Readonly<Record<string, WasmFunction>>;

/** The threads of a backend whose memory is shared, and our functions, which use them where that pays. */
export class Threads implements Splitter {
  /** Our functions, of which those in {@link splits} are made by all threads. */
  readonly exports: Exports;
  /** Whether threads also share work that is too small to pay, as in tests. */
  sharesAll = false;
  readonly #code: ThreadCode;
  readonly #room: Room;
  #words = new Int32Array(0);
  #pool: ThreadPool | null = null;
  #changing: Promise<void> = Promise.resolve();

  constructor({ wasm }: BackendWasm, code: ThreadCode) {
    const { _malloc, _free } = wasm as unknown as Allocator; // its typing knows a part of it only
    this.#code = code;
    this.#room = new Room(_malloc, _free);
    const shared = splits.map((own) => [own.name, this.#sharing(own)]);
    this.exports = { ...code.exports, ...(Object.fromEntries(shared) as Exports) };
  }

  get count(): number {
    return this.#pool?.count ?? 1;
  }

  get threads(): number {
    return this.count;
  }

  get words(): Int32Array {
    const { buffer } = this.#code.memory;
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer);
    return this.#words;
  }

  pays(work: number, least: number): boolean {
    return work >= least || this.sharesAll;
  }

  readonly room = (bytes: number): number => this.#room.take(bytes);

  /** Has so many threads, the caller's among them; after earlier calls, so that the last one counts. */
  set(count: number): Promise<void> {
    const change = () => this.#change(Math.min(count, MOST));
    this.#changing = this.#changing.then(change, change);
    return this.#changing;
  }

  async #change(wanted: number): Promise<void> {
    if (wanted === this.count) return;
    const pool = wanted === 1 ? null : await ThreadPool.start(this.#code, names, wanted);
    this.#pool?.stop();
    this.#pool = pool;
    if (pool === null) this.#room.dispose();
  }

  #sharing(own: Split): WasmFunction {
    const whole = this.#code.exports[own.name];
    const order: readonly string[] | undefined = parameters[own.name];
    if (whole === undefined || order === undefined) {
      throw new Error(
        `@pellucid/kernels: its WebAssembly, as it was built, has no function ${own.name}, which its sources expect. Build the kernels again: pnpm build in the repository.`,
      );
    }
    const sizes = own.sizes.map((size: string) => order.indexOf(size));
    return (...given) => {
      if (this.#pool === null || !this.pays(productOf(given, sizes), own.least)) return whole(...given);
      this.#room.reset();
      const values = Object.fromEntries(order.map((name, i) => [name, Number(given[i])]));
      const jobs = own.parts(values as never, this);
      if (jobs === null || jobs.every((job) => job.length === 1)) return whole(...given);
      for (const job of jobs) this.#run(this.#pool, job);
      return 0;
    };
  }

  /** A pool that fails is stopped. */
  #run(pool: ThreadPool, job: readonly Part[]): void {
    try {
      pool.run(job.map(callOf));
    } catch (error) {
      pool.stop();
      this.#pool = null;
      throw error;
    }
  }
}

/** The parts of tfjs' emscripten module that take memory and give it back. */
interface Allocator {
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

const names = Object.keys(parameters);

const callOf = ({ name, values }: Part): Call => ({
  name,
  values: parameters[name].map((parameter) => values[parameter] as number),
});

function productOf(values: readonly number[], indices: readonly number[]): number {
  let product = 1;
  for (const i of indices) product *= values[i] as number;
  return product;
}
