import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

/** A tensor's handle on a backend. */
export type DataId = TensorInfo["dataId"];

/** Where numbers are in the memory of a recorded step. A backend knows what it holds. */
export interface Location {
  readonly bytes: number;
}

/** A backend that can record the calls of a step: its kernel `PellucidRecorder` gives one. */
export interface Recorder {
  /** Starts to record everything that the backend computes, until {@link Recording.end}. */
  begin(): Recording;
  /**
   * Gives the memory of a tensor that several share to a new handle. The others keep theirs, with a copy of the numbers.
   *
   * @returns the new handle, which the caller owns
   */
  split(dataId: DataId): DataId;
}

/** A step that is being recorded. It runs as it would otherwise. */
export interface Recording {
  /** Why the step cannot be repeated, the first reason; `null` while it can. */
  readonly refusal: string | null;
  /** Gives up: the step runs on, but cannot be repeated. */
  refuse(reason: string): void;
  /** The number of calls recorded so far. */
  readonly calls: number;
  /** A tensor in the memory of the recorded step, which is filled before each replay. */
  slot(shape: readonly number[], dtype: DataType): TensorInfo;
  /** Where the numbers of a tensor are. They stay there until the end of a replay. */
  locate(dataId: DataId): Location;
  /** As {@link locate}, for what the next replay finds as a parameter or state, which nothing reads before. */
  locateNext(dataId: DataId): Location;
  /** Has a function run at this point of each replay. */
  host(run: () => void): void;
  /** The numbers of a tensor, at this point of each replay. */
  view(tensor: TensorInfo): () => Float32Array | Int32Array | Uint8Array;
  /** The numbers that `body` would call functions with. Nothing is computed. */
  probe(body: () => void): readonly (readonly number[])[];
  /** Changes a number that a recorded call is made with. */
  argument(call: number, position: number): (value: number) => void;
  /** Stops recording. Tensors that live on move out of the memory of the recorded step. */
  end(): Recorded;
}

/** The calls of a step, ready to be repeated in memory of their own. */
export interface Recorded {
  /** How many calls a replay makes. */
  readonly calls: number;
  /** The memory that a replay works in. */
  readonly bytes: number;
  /** The tensors from before the step that it used. */
  readonly used: ReadonlySet<DataId>;
  /** Appends a copy to those that {@link finish} makes. */
  copyAtEnd(from: Location, to: Location): void;
  /** Prepares the replays, once all copies are known. */
  settle(): void;
  /** Where a tensor from before the step is. */
  locate(dataId: DataId): Location;
  /** Writes the numbers of a tensor to a location. */
  load(dataId: DataId, to: Location): void;
  /** A new tensor of the numbers at a location. */
  store(from: Location, shape: readonly number[], dtype: DataType): TensorInfo;
  /** Repeats the calls. */
  run(): void;
  /** Makes the copies. */
  finish(): void;
  /** Gives back a tensor that the step used. */
  release(dataId: DataId): void;
  /** Frees the memory. */
  dispose(): void;
}
