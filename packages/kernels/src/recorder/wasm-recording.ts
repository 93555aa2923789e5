import type { Recording } from "@pellucid/core-train/ops";
import { type DataType, getKernelsForBackend, type TensorInfo } from "@tensorflow/tfjs-core";
import { functionsOf } from "../wasm/functions.generated.ts";
import type { HeapRecording, Instance } from "../wasm/module.ts";
import { Arena } from "./arena.ts";
import type { Call } from "./call.ts";
import { keepsState } from "./keeps-state.ts";
import { refuseReads } from "./refuse-reads.ts";
import { AT_END, Uses } from "./uses.ts";
import { WasmCalls } from "./wasm-calls.ts";
import type { Address, WasmFunction, WasmMemory } from "./wasm-memory.ts";

type DataId = TensorInfo["dataId"];
type Numbers = Float32Array | Int32Array | Uint8Array;

/**
 * Records the calls of WebAssembly that kernels make. What they allocate comes from an arena, as does what JavaScript writes, which stays. The
 * numbers by which tfjs' C++ knows the tensors of the step stay in use.
 */
export class WasmRecording implements Recording, HeapRecording {
  readonly #memory: WasmMemory;
  /** What kernels write, in each replay. */
  readonly #arena: Arena;
  /** What is written once. */
  readonly #fixed: Arena;
  readonly #starts: number[] = [];
  readonly #calls: Call[] = [];
  readonly #constants = new Map<string, number>();
  readonly #ids = new Set<number>();
  /** The tensors of the step that are alive. */
  readonly #own = new Set<DataId>();
  readonly #used = new Set<DataId>();
  readonly #uses = new Uses();
  #isAside = false; // a tensor is looked up for something else than a call
  #isDisposing = false;
  readonly #restore: (() => void)[] = [];
  #probing: number[][] | null = null;
  #isFixed = false;
  #refusal: string | null = null;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    const malloc = memory.module._malloc;
    const take = (bytes: number) => {
      const start = malloc(bytes + 16) >>> 0;
      if (start === 0) throw new RangeError(`WASM has no memory left: a recorded step needs ${bytes} bytes.`);
      this.#starts.push(start);
      return Math.ceil(start / 16) * 16;
    };
    this.#arena = new Arena(take);
    this.#fixed = new Arena(take);
    this.#watchMemory();
    this.#watchTensors();
    refuseReads(
      memory.backend,
      (name, value) => this.#replace(memory.backend, name, value),
      (reason) => this.refuse(reason),
    );
    this.#watchCalls();
  }

  get refusal(): string | null {
    return this.#refusal;
  }

  get calls(): number {
    return this.#calls.length;
  }

  refuse(reason: string): void {
    this.#refusal ??= reason;
  }

  slot(shape: readonly number[], dtype: DataType): TensorInfo {
    this.#isFixed = true;
    try {
      return this.#memory.backend.makeOutput([...shape], dtype);
    } finally {
      this.#isFixed = false;
    }
  }

  locate(dataId: DataId): Address {
    this.#note(dataId, AT_END);
    return this.locateNext(dataId);
  }

  locateNext(dataId: DataId): Address {
    return this.#aside(() => {
      const found = this.#memory.locate(dataId);
      this.#arena.pin(found.address);
      return found;
    });
  }

  host(run: () => void): void {
    this.#calls.push({ run: run as WasmFunction, values: [], isHost: true });
  }

  view({ dataId, shape, dtype }: TensorInfo): () => Numbers {
    this.#note(dataId, AT_END);
    return this.#memory.view(this.#memory.locate(dataId).address, shape, dtype);
  }

  check(tensor: TensorInfo, check: (numbers: ArrayLike<number>) => void): void {
    const view = this.view(tensor);
    const run = () => check(view());
    run();
    this.host(run);
  }

  probe(body: () => void): readonly (readonly number[])[] {
    const probed: number[][] = [];
    const next: unknown = Reflect.get(this.#memory.backend, "dataIdNextNumber");
    this.#probing = probed;
    try {
      body();
    } finally {
      this.#probing = null;
      Reflect.set(this.#memory.backend, "dataIdNextNumber", next);
    }
    return probed;
  }

  argument(call: number, position: number): (value: number) => void {
    const { values } = this.#calls[call] as Call;
    return (value) => (values[position] = value);
  }

  constant(numbers: Int32Array): number {
    return this.#constantBytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }

  end(): WasmCalls {
    for (const restore of this.#restore.splice(0).toReversed()) restore();
    for (const dataId of this.#own) this.#memory.relocate(dataId);
    return new WasmCalls(this.#memory, {
      calls: this.#calls,
      used: this.#used,
      uses: this.#uses,
      fixed: this.#fixed,
      ids: this.#ids,
      starts: this.#starts,
      bytes: () => this.#arena.bytes + this.#fixed.bytes,
    });
  }

  #watchMemory(): void {
    const { module } = this.#memory;
    const free = module._free;
    this.#replace(module, "_malloc", (bytes: number) =>
      (this.#isFixed ? this.#fixed : this.#arena).alloc(bytes),
    );
    this.#replace(module, "_free", (start: number) => {
      if (this.#arena.owns(start >>> 0)) this.#arena.free(start >>> 0);
      else if (!this.#fixed.owns(start >>> 0)) free(start);
    });
    const { registerTensor, disposeData } = module.tfjs;
    this.#replace(module.tfjs, "registerTensor", (id: number, size: number, address: number) => {
      if (this.#probing !== null) return;
      this.#ids.add(id);
      registerTensor(id, size, address);
    });
    this.#replace(module.tfjs, "disposeData", (id: number) => {
      if (this.#probing === null && !this.#ids.has(id)) disposeData(id);
    });
  }

  #watchTensors(): void {
    const { backend } = this.#memory;
    const map = backend.dataIdMap;
    const [get, set, remove] = [map.get.bind(map), map.set.bind(map), map.delete.bind(map)];
    this.#replace(map, "get", (dataId: DataId) => {
      const data = get(dataId);
      if (!this.#isAside && this.#probing === null) this.#note(dataId, this.#calls.length, data);
      if (!this.#isDisposing && !this.#own.has(dataId) && !this.#used.has(dataId)) {
        this.#used.add(dataId);
        data.refCount++; // given back with the recorded calls
      }
      return data;
    });
    this.#replace(map, "set", (dataId: DataId, data: never) => {
      this.#own.add(dataId);
      set(dataId, data);
    });
    this.#replace(map, "delete", (dataId: DataId) => {
      this.#own.delete(dataId);
      return remove(dataId);
    });
    const [disposeData, move] = [backend.disposeData.bind(backend), backend.move.bind(backend)];
    this.#replace(backend, "disposeData", (dataId: DataId, force?: boolean) => {
      this.#isDisposing = true;
      const isGone = this.#aside(() => disposeData(dataId, force));
      this.#isDisposing = false;
      return isGone;
    });
    const [incRef, refCount] = [backend.incRef.bind(backend), backend.refCount.bind(backend)];
    this.#replace(backend, "incRef", (dataId: DataId) => this.#aside(() => incRef(dataId)));
    this.#replace(backend, "refCount", (dataId: DataId) => this.#aside(() => refCount(dataId)));
    this.#replace(backend, "move", (...given: Parameters<typeof move>) => {
      const before = this.#isFixed;
      this.#isFixed ||= ((given[1] as unknown) ?? null) !== null;
      try {
        move(...given);
      } finally {
        this.#isFixed = before;
      }
    });
  }

  #watchCalls(): void {
    const { module, instance, backend } = this.#memory;
    const noted = (name: string, run: WasmFunction) => {
      if (keepsState.has(name)) return (...values: number[]) => this.#refuseCall(name, run, values);
      return (...values: number[]) => this.#call(run, values);
    };
    const own = Object.entries(instance.exports).filter(([, found]) => typeof found === "function");
    const functions = functionsOf(
      Object.fromEntries(
        own.map(([name, run]) => [name, noted(name, run as WasmFunction)]),
      ) as object as Instance["exports"],
    );
    this.#replace(instance, "functions", functions);
    this.#replace(instance, "recording", this);
    this.#replace(module, "cwrap", (name: string, result: string | null, types: readonly string[]) => {
      const run = noted(name, module.asm[name] as WasmFunction);
      return (...given: (number | boolean | Uint8Array | null)[]) => {
        if (result !== null) this.refuse(`${name} gives a number to JavaScript`);
        return run(
          ...given.map((value, i) =>
            types[i] === "array" && value !== null ? this.#constantBytes(value as Uint8Array) : Number(value),
          ),
        );
      };
    });
    const setUp = () => {
      for (const { setupFunc } of getKernelsForBackend("wasm")) setupFunc?.(backend);
    };
    setUp();
    this.#restore.splice(-1, 0, setUp); // once cwrap is restored: that runs before this in reverse order
  }

  /** Notes that a call is for a tensor. */
  #note(
    dataId: DataId,
    call: number,
    data = this.#aside(() => this.#memory.backend.dataIdMap.get(dataId)),
  ): void {
    this.#uses.note(dataId, { address: data.memoryOffset, id: data.id }, call);
  }

  #aside<T>(body: () => T): T {
    const before = this.#isAside;
    this.#isAside = true;
    try {
      return body();
    } finally {
      this.#isAside = before;
    }
  }

  #call(run: WasmFunction, given: number[]): number {
    const values = given.map(Number);
    if (this.#probing !== null) {
      this.#probing.push(values);
      return 0;
    }
    this.#calls.push({ run, values });
    return run(...values);
  }

  #refuseCall(name: string, run: WasmFunction, values: number[]): number {
    this.refuse(`${name} of tfjs keeps what it was called with`);
    return this.#call(run, values);
  }

  #constantBytes(bytes: Uint8Array): number {
    const key = bytes.join();
    const found = this.#constants.get(key);
    if (found !== undefined) return found;
    const address = this.#fixed.alloc(bytes.length);
    this.#memory.bytes.set(bytes, address);
    this.#constants.set(key, address);
    return address;
  }

  /** Sets a property until the end. It is set back, not deleted, which would make the object slow. */
  #replace<Owner extends object>(owner: Owner, name: keyof Owner, value: unknown): void {
    const before: unknown = owner[name];
    Reflect.set(owner, name, value);
    this.#restore.push(() => Reflect.set(owner, name, before));
  }
}
