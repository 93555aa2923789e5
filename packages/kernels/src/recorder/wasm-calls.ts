import type { Recorded } from "@pellucid/core-train/ops";
import { type DataType, engine, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Address, WasmMemory } from "./wasm-memory.ts";
import type { Call } from "./wasm-recording.ts";

type DataId = TensorInfo["dataId"];

/** What was recorded, and the memory that it holds. */
interface Held {
  readonly calls: readonly Call[];
  readonly used: Set<DataId>;
  readonly ids: ReadonlySet<number>;
  readonly starts: readonly number[];
  readonly bytes: number;
}

/** The calls of a step, which can be repeated. */
export class WasmCalls implements Recorded {
  readonly #memory: WasmMemory;
  readonly #held: Held;
  readonly #copies: { readonly from: Address; readonly to: Address }[] = [];
  #isDisposed = false;

  constructor(memory: WasmMemory, held: Held) {
    this.#memory = memory;
    this.#held = held;
  }

  get calls(): number {
    return this.#held.calls.length;
  }

  get bytes(): number {
    return this.#held.bytes;
  }

  get used(): ReadonlySet<DataId> {
    return this.#held.used;
  }

  copyAtEnd(from: Address, to: Address): void {
    this.#copies.push({ from, to });
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
    for (const { run, values: v } of this.#held.calls) {
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
