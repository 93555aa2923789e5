import type { TracedNode, TracedSize } from "@pellucid/core-train";
import type { PythonTensor } from "./python-tensor.ts";

/** What an op is written with. */
export interface OpSource {
  readonly node: TracedNode;
  /** An input by its name. */
  readonly input: (name: string) => PythonTensor;
  /** All inputs in order. */
  readonly inputs: readonly PythonTensor[];
  /** The shape of an input or of an output, with names of free sizes. */
  readonly shape: (value: string) => readonly (number | string)[];
  /** The code of a size. */
  readonly size: (size: TracedSize) => string;
  /** Where the tensors that it makes are: `x.device`. */
  readonly device: string;
  /** A table of integers; returns the code that reads it. */
  readonly table: (numbers: readonly number[]) => string;
  /** Asks for a function at the top of the file. */
  readonly support: (name: string) => string;
  /** An error about this op. */
  readonly error: (why: string) => Error;
}

/** Writes an op: the expression of each output. */
export type Write = (source: OpSource) => PythonTensor | readonly PythonTensor[];
