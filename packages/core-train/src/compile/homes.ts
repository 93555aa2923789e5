import { engine, type KernelBackend, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { DataId, Location, Recorded, Recorder } from "./recorder.ts";

type Shaped = Pick<Tensor, "shape" | "dtype">;

/**
 * The memory where recorded steps find a parameter or a tensor of an optimizer's state, and where they write it. Several recorded steps share
 * it. Whatever else held a tensor there keeps its numbers: it gets a copy before a step writes.
 */
export class Home {
  readonly location: Location;
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
  readonly #backend: KernelBackend;
  readonly #recorder: Recorder;
  #dataId: DataId;
  #users = 1;

  constructor(recorder: Recorder, location: Location, dataId: DataId, { shape, dtype }: Shaped) {
    this.location = location;
    this.shape = shape;
    this.dtype = dtype;
    this.#recorder = recorder;
    this.#backend = engine().backend;
    this.#dataId = dataId;
    this.#backend.incRef(dataId);
    homes.set(dataId, this);
  }

  /** The home of a tensor's memory, which is made where there is none. */
  static of(recorder: Recorder, recorded: Recorded, dataId: DataId, like: Shaped): Home {
    const found = homes.get(dataId);
    if (found === undefined) return new Home(recorder, recorded.locate(dataId), dataId, like);
    found.#users++;
    return found;
  }

  get dataId(): DataId {
    return this.#dataId;
  }

  /** Whether `holders` tensors alone have this memory. */
  isHeldBy(holders: number): boolean {
    return this.#backend.refCount(this.#dataId) === holders + 1;
  }

  /** Moves all others out. */
  clear(): void {
    const shared = this.#dataId;
    homes.delete(shared);
    this.#dataId = this.#recorder.split(shared);
    homes.set(this.#dataId, this);
    release(shared, this.#backend);
  }

  /** Has a variable live here, with the numbers that it has. */
  settle(variable: Variable, recorded: Recorded, isWritten: boolean): void {
    if (variable.dataId === this.#dataId) {
      if (!isWritten || this.isHeldBy(1)) return;
      this.clear();
    } else {
      if (!this.isHeldBy(0)) this.clear();
      recorded.load(variable.dataId, this.location);
    }
    variable.assign({ dataId: this.#dataId, shape: this.shape, dtype: this.dtype } as Variable);
  }

  /** A tensor that lives here. */
  tensor(): Tensor {
    const made = engine().makeTensorFromTensorInfo({
      dataId: this.#dataId,
      shape: this.shape,
      dtype: this.dtype,
    });
    this.#backend.incRef(this.#dataId);
    return engine().keep(made);
  }

  /** A recorded step does not need it anymore. */
  dispose(): void {
    if (--this.#users > 0) return;
    homes.delete(this.#dataId);
    release(this.#dataId, this.#backend);
  }
}

const homes = new WeakMap<DataId, Home>();

/** Gives back a handle that belongs to none of the engine's tensors. */
export function release(dataId: DataId, backend: KernelBackend): void {
  if (backend.disposeData(dataId)) engine().removeDataId(dataId, backend);
}
