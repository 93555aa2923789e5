import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type BackendValues, type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Functions } from "./functions.generated.ts";
import { type Instance, instanceIn } from "./module.ts";
import { SLACK } from "./slack.ts";

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

  /** The address of a tensor's numbers; 0 for none. */
  addressOf(tensor: TensorInfo | null): number {
    return tensor === null ? 0 : this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A tensor whose numbers are yet to be written: they are what was left in memory. */
  make(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** A tensor of zeros. */
  zeros(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.filled(shape, dtype, 0);
  }

  /** A tensor of one number. */
  filled(shape: readonly number[], dtype: DataType, value: number): TensorInfo {
    const tensor = this.make(shape, dtype);
    const at = { to: this.addressOf(tensor), count: util.sizeFromShape([...shape]) };
    if (dtype === "float32") this.functions.fillFloats({ ...at, value });
    else if (dtype === "int32") this.functions.fillWords({ ...at, bits: value });
    else this.functions.fillBytes({ ...at, value });
    return tensor;
  }

  /** A tensor of numbers that JavaScript knows. */
  constant(shape: readonly number[], dtype: DataType, numbers: BackendValues): TensorInfo {
    return { dataId: this.#backend.write(numbers, [...shape], dtype), shape: [...shape], dtype };
  }

  /** Has `check` see the numbers of a tensor: now, and each time that a recorded step is run again. */
  check(tensor: TensorInfo, check: (numbers: ArrayLike<number>) => void): void {
    const { recording } = this.#instance;
    const read = () => check(this.#backend.readSync(tensor.dataId) as ArrayLike<number>);
    if (recording === null) read();
    else recording.check(tensor, check);
  }

  /** The same numbers in memory of their own. */
  copy(tensor: TensorInfo): TensorInfo {
    const bytes = 4 * tensor.shape.reduce((product, length) => product * length, 1);
    const copy = this.make(tensor.shape, tensor.dtype);
    this.functions.copyRows({
      from: this.addressOf(tensor),
      to: this.addressOf(copy),
      rows: 1,
      bytes,
      fromStep: bytes,
      toStep: bytes,
    });
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
   * @param blocks the size of each block in bytes, or the integers to copy into it
   * @param body receives the address of each block, under its name
   */
  borrow<Name extends string>(
    blocks: Readonly<Record<Name, number | Int32Array>>,
    body: (addresses: Readonly<Record<Name, number>>) => void,
  ): void {
    const { recording } = this.#instance;
    const entries = Object.entries<number | Int32Array>(blocks);
    const isLent = (block: number | Int32Array) => recording === null || typeof block === "number";
    const bytes = entries.reduce(
      (sum, [, block]) => sum + (isLent(block) ? sizeOf(block) : 0),
      MOST_ROUNDED + SLACK,
    );
    const whole = this.make([bytes / 4]);
    const start = this.addressOf(whole);
    try {
      if (start === 0) {
        throw new RangeError(`WASM has no memory left: a kernel needs ${bytes} bytes to work in.`);
      }
      let end = roundUp(start);
      const addresses: Record<string, number> = {};
      for (const [name, block] of entries) {
        if (typeof block !== "number") {
          if (recording !== null) {
            addresses[name] = recording.constant(block);
            continue;
          }
          new Int32Array(this.#instance.memory.buffer, end, block.length).set(block);
        }
        addresses[name] = end;
        end += sizeOf(block);
      }
      body(addresses as Record<Name, number>);
    } finally {
      this.free(whole);
    }
  }
}

/** Blocks begin at multiples of 16. */
const MOST_ROUNDED = 16;
const roundUp = (bytes: number) => Math.ceil(bytes / 16) * 16;
const sizeOf = (block: number | Int32Array) => roundUp(typeof block === "number" ? block : block.byteLength);
