import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { type Functions, type Instance, instanceIn } from "./module.ts";

/** The memory of tfjs' WASM backend, and our functions that work in it. */
export class Heap {
  readonly #backend: BackendWasm;
  readonly #instance: Instance;

  constructor(backend: BackendWasm) {
    this.#backend = backend;
    this.#instance = instanceIn(backend);
  }

  get functions(): Functions {
    return this.#instance.functions;
  }

  /** Where a tensor's numbers are; 0 for none. */
  addressOf(tensor: TensorInfo | null): number {
    return tensor === null ? 0 : this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A tensor whose numbers are yet to be written: they are what was left in memory. */
  make(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** A tensor of zeros. */
  zeros(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    const tensor = this.make(shape, dtype);
    this.#backend.typedArrayFromHeap(tensor).fill(0);
    return tensor;
  }

  /** The same numbers in memory of their own. */
  copy(tensor: TensorInfo): TensorInfo {
    const bytes = 4 * tensor.shape.reduce((product, length) => product * length, 1);
    const copy = this.make(tensor.shape, tensor.dtype);
    this.functions.copyRows(this.addressOf(tensor), this.addressOf(copy), 1, bytes, bytes, bytes);
    return copy;
  }

  /** The same numbers once more, without a copy. */
  share({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.#backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** Gives back one that is not returned. */
  free({ dataId }: TensorInfo): void {
    this.#backend.disposeData(dataId);
  }

  /**
   * Lends memory while `body` runs.
   *
   * @param blocks of how many bytes each; or the whole numbers that are to be in it
   */
  borrow(blocks: readonly (number | Int32Array)[], body: (...addresses: Addresses) => void): void {
    const sizes = blocks.map((block) => roundUp(typeof block === "number" ? block : block.byteLength));
    const bytes = sizes.reduce((sum, size) => sum + size, SLACK);
    const whole = this.make([bytes / 4]);
    const start = this.addressOf(whole);
    try {
      if (start === 0) {
        throw new RangeError(`WASM has no memory left: a kernel needs ${bytes} bytes to work in.`);
      }
      let end = roundUp(start);
      const addresses = sizes.map((size) => (end += size) - size);
      for (const [i, block] of blocks.entries()) {
        if (typeof block === "number") continue;
        new Int32Array(this.#instance.memory.buffer, addresses[i], block.length).set(block);
      }
      body(...(addresses as Addresses));
    } finally {
      this.free(whole);
    }
  }
}

/** Where the blocks are. Two are named, for whoever names them. */
type Addresses = [number, number, ...number[]];

/** Blocks begin at multiples of 16, and a kernel may read, though not use, up to 12 bytes after the last. */
const SLACK = 32;
const roundUp = (bytes: number) => Math.ceil(bytes / 16) * 16;
