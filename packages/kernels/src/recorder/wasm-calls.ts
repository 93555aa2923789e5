import type { Recorded } from "@pellucid/core-train/ops";
import { type DataType, engine, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Arena } from "./arena.ts";
import { moveInPlace } from "./move-in-place.ts";
import { ThreadError } from "../threads/thread-error.ts";
import type { Uses } from "./uses.ts";
import type { Address, WasmMemory } from "./wasm-memory.ts";
import type { Call } from "./call.ts";

type DataId = TensorInfo["dataId"];

/** A copy that is made after the calls. */
export interface Copy {
  readonly from: Address;
  readonly to: Address;
}

/** What was recorded, and the memory that it holds. */
interface Held {
  readonly calls: readonly Call[];
  readonly used: Set<DataId>;
  readonly uses: Uses;
  /** What is written once. */
  readonly fixed: Arena;
  readonly ids: ReadonlySet<number>;
  readonly starts: readonly number[];
  readonly bytes: () => number;
}

/** The calls of a step, which can be repeated. */
export class WasmCalls implements Recorded {
  readonly #memory: WasmMemory;
  readonly #held: Held;
  #calls: readonly Call[];
  #copies: readonly Copy[] = [];
  #isDisposed = false;

  constructor(memory: WasmMemory, held: Held) {
    this.#memory = memory;
    this.#held = held;
    this.#calls = held.calls;
  }

  get calls(): number {
    return this.#calls.length;
  }

  get bytes(): number {
    return this.#held.bytes();
  }

  get used(): ReadonlySet<DataId> {
    return this.#held.used;
  }

  copyAtEnd(from: Address, to: Address): void {
    this.#copies = [...this.#copies, { from, to }];
  }

  settle(): void {
    const { uses, fixed } = this.#held;
    const own = { calls: this.#calls, copies: this.#copies };
    const { calls, copies } = moveInPlace(own, uses, this.#memory, (bytes) => fixed.alloc(bytes));
    this.#calls = calls;
    this.#copies = copies;
  }

  locate(dataId: DataId): Address {
    return this.#memory.locate(dataId);
  }

  load(dataId: DataId, to: Address): void {
    this.#memory.copy(this.#memory.locate(dataId), to);
  }

  store(from: Address, shape: readonly number[], dtype: DataType): TensorInfo {
    const made = this.#memory.backend.makeOutput([...shape], dtype);
    this.#memory.copy(from, this.#memory.locate(made.dataId));
    return made;
  }

  run(): void {
    let hasMoved = false;
    try {
      this.#run(() => (hasMoved = true));
    } catch (error) {
      throw hasMoved ? new ThreadError(`${(error as Error).message} ${MOVED}`, { cause: error }) : error;
    }
  }

  #run(move: () => void): void {
    for (const { run, values: v, isMove } of this.#calls) {
      if (isMove === true) move();
      switch (v.length) {
        case 0:
          run();
          break;
        case 3:
          run(v[0] as number, v[1] as number, v[2] as number);
          break;
        case 5:
          run(v[0] as number, v[1] as number, v[2] as number, v[3] as number, v[4] as number);
          break;
        default:
          run(...v);
      }
    }
  }

  finish(): void {
    for (const { from, to } of this.#copies) this.#memory.copy(from, to);
  }

  release(dataId: DataId): void {
    const { backend } = this.#memory;
    if (this.#held.used.delete(dataId) && backend.disposeData(dataId)) engine().removeDataId(dataId, backend);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const { module } = this.#memory;
    for (const id of this.#held.ids) module.tfjs.disposeData(id);
    for (const dataId of this.#held.used) this.release(dataId);
    for (const start of this.#held.starts) module._free(start);
  }
}

const MOVED =
  "The step had begun to write parameters and the optimizer's state: restore both from a checkpoint before training resumes.";
