import type { HostTensor, Module, Trace, TracedCall } from "@pellucid/core-train";
import type { PythonTensor } from "./python-tensor.ts";
import type { PythonTree } from "./python-tree.ts";

/** What all forwards of a file share. */
export interface WritingContext {
  readonly traced: Trace;
  readonly tree: PythonTree;
  /** Whether a module is a class of the file: it is neither of `torch.nn` nor only a function. */
  readonly isClass: (module: Module) => boolean;
  /** Writes the `forward` of another module for arguments whose axes are given; returns the axes of what it gives. */
  readonly write: (call: TracedCall, inputs: readonly PythonTensor[]) => readonly PythonTensor[];
  /** The function of this name at the top of the file. */
  readonly support: (name: string) => string;
  /** A table of numbers of the file; returns its key. */
  readonly table: (numbers: HostTensor) => string;
}
