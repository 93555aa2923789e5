import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Instance } from "../wasm/module.ts";

type DataId = TensorInfo["dataId"];
type Numbers = Float32Array | Int32Array | Uint8Array;

/** A function of a WebAssembly. */
export type WasmFunction = (...values: number[]) => number;

/** Where the numbers of a tensor are. */
export interface Address {
  readonly address: number;
  readonly bytes: number;
}

/** The parts of tfjs' emscripten module that its types do not mention. */
interface Module {
  cwrap: (name: string, result: string | null, types: readonly string[]) => (...values: never[]) => unknown;
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
  readonly asm: Readonly<Record<string, WasmFunction>>;
  readonly tfjs: {
    registerTensor: (id: number, size: number, address: number) => void;
    disposeData: (id: number) => void;
  };
}

/** The memory of the WASM backend, below its tensors. */
export class WasmMemory {
  readonly backend: BackendWasm;
  readonly instance: Instance;
  readonly module: Module;
  #bytes = new Uint8Array(0);

  constructor(backend: BackendWasm, instance: Instance) {
    this.backend = backend;
    this.instance = instance;
    this.module = backend.wasm as unknown as Module; // its typing knows a part of it only
  }

  /** All of the memory. A memory that has grown has a new buffer. */
  get bytes(): Uint8Array {
    const { buffer } = this.instance.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** Where a tensor is. */
  locate(dataId: DataId): Address {
    const { memoryOffset, shape, dtype } = this.backend.dataIdMap.get(dataId);
    return { address: memoryOffset, bytes: sizeIn(shape, dtype) };
  }

  view(address: number, shape: readonly number[], dtype: DataType): () => Numbers {
    const size = util.sizeFromShape([...shape]);
    const make = (buffer: ArrayBuffer): Numbers =>
      dtype === "float32"
        ? new Float32Array(buffer, address, size)
        : dtype === "int32"
          ? new Int32Array(buffer, address, size)
          : new Uint8Array(buffer, address, size);
    let made = make(this.bytes.buffer as ArrayBuffer);
    return () =>
      made.buffer === this.instance.memory.buffer ? made : (made = make(this.bytes.buffer as ArrayBuffer));
  }

  copy(from: Address, to: Address): void {
    this.bytes.copyWithin(to.address, from.address, from.address + from.bytes);
  }

  /** Gives a tensor other memory, and another number for tfjs' C++. */
  relocate(dataId: DataId): void {
    const data = this.backend.dataIdMap.get(dataId);
    if (data.memoryOffset === null || data.memoryOffset === undefined) return; // of strings and complex numbers
    const from = this.locate(dataId);
    data.memoryOffset = this.module._malloc(from.bytes) >>> 0;
    this.copy(from, this.locate(dataId));
    data.id = Reflect.get(this.backend, "dataIdNextNumber") as number;
    Reflect.set(this.backend, "dataIdNextNumber", data.id + 1);
    this.module.tfjs.registerTensor(data.id, util.sizeFromShape(data.shape), data.memoryOffset);
  }
}

const sizeIn = (shape: number[], dtype: DataType): number =>
  util.sizeFromShape(shape) * (dtype === "string" ? 0 : util.bytesPerElement(dtype));
