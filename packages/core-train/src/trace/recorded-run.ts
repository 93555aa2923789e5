import type { Variable } from "@tensorflow/tfjs-core";
import type { HostData } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";

/** What one run of a model did: values and ops by number, every size as it was. */
export interface RecordedRun {
  readonly values: readonly RecordedValue[];
  readonly nodes: readonly RecordedNode[];
  readonly root: RecordedCall;
}

/** A tensor of a {@link RecordedRun}. */
export interface RecordedValue {
  readonly kind: "input" | "parameter" | "buffer" | "constant" | "result";
  readonly dtype: "float32" | "int32" | "bool";
  readonly sizes: readonly number[];
  /** Of an input: its name. Of a parameter or buffer: its path. Of a result: the path of the module and the op. */
  readonly name: string;
  /** Of a constant that was read. */
  readonly data: HostData | null;
  /** Of a parameter or buffer. */
  readonly tensor: Variable | null;
  /** Whether it depends on the numbers of an input. */
  readonly depends: boolean;
}

/** One op that ran. */
export interface RecordedNode {
  readonly kind: "node";
  readonly op: string;
  readonly inputs: readonly (readonly [name: string, value: number])[];
  readonly outputs: readonly number[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly type: string;
}

/** One call of a module. */
export interface RecordedCall {
  readonly kind: "call";
  readonly path: string;
  readonly type: string;
  readonly module: Module;
  readonly inputs: readonly RecordedStructure[];
  output: RecordedStructure;
  readonly body: (RecordedNode | RecordedCall)[];
}

/** A structure of values. */
export type RecordedStructure =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "list"; readonly items: readonly RecordedStructure[] }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, RecordedStructure>> }
  | { readonly kind: "host"; readonly value: unknown };

/** The values of a structure, in order. */
export function valuesIn(structure: RecordedStructure): readonly number[] {
  if (structure.kind === "value") return [structure.value];
  if (structure.kind === "list") return structure.items.flatMap(valuesIn);
  return structure.kind === "record" ? Object.values(structure.fields).flatMap(valuesIn) : [];
}
