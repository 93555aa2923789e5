import type { Variable } from "@tensorflow/tfjs-core";
import type { HostData } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";

/**
 * A size that depends on those of the inputs: `floor((times · Π sizes + add) / over)`, where the sizes are those of axes of values
 * that were computed before.
 */
export interface FreeSize {
  readonly of: readonly AxisOfValue[];
  readonly times: number;
  readonly add: number;
  readonly over: number;
}

/** One axis of one value of a {@link Trace}. */
export interface AxisOfValue {
  /** The name of the value. */
  readonly value: string;
  readonly axis: number;
}

/** A number of an attribute or a shape: fixed, or dependent on the sizes of the inputs. */
export type TracedSize = number | FreeSize;

/**
 * An attribute of a node: what the op was called with, where each number that depends on the sizes of the inputs is a {@link FreeSize}. A list of
 * one number for each of a free number of examples is `{ each, count }`.
 */
export type TracedAttribute =
  | TracedSize
  | string
  | boolean
  | null
  | undefined
  | readonly TracedAttribute[]
  | { readonly [name: string]: TracedAttribute };

/** A tensor of a {@link Trace}. */
export type TracedValue = TracedInput | TracedParameter | TracedConstant | TracedResult;

/** What all values have. */
interface AnyValue {
  /** Unique within the trace: the path of a parameter, the name of an input or output, or the path of the module and the op. */
  readonly name: string;
  readonly dtype: "float32" | "int32" | "bool";
  /** Each size is fixed, or the name of a free axis (`batch`), or of a size that depends on free axes (`height/2`). */
  readonly shape: readonly (number | string)[];
  /** The shape in the run that was traced. */
  readonly sizes: readonly number[];
}

/** An input of the model. */
export interface TracedInput extends AnyValue {
  readonly kind: "input";
}

/** A parameter or a buffer of the model; its name is its path. */
export interface TracedParameter extends AnyValue {
  readonly kind: "parameter" | "buffer";
  readonly tensor: Variable;
}

/** Numbers that do not depend on the inputs, other than on their sizes. */
export interface TracedConstant extends AnyValue {
  readonly kind: "constant";
  readonly content: ConstantContent;
}

/** What an op computed. */
export interface TracedResult extends AnyValue {
  readonly kind: "result";
}

/** The numbers of a {@link TracedConstant}. */
export type ConstantContent =
  /** These numbers. */
  | { readonly kind: "fixed"; readonly data: HostData }
  /** One number in every element. */
  | { readonly kind: "filled"; readonly fill: number; readonly shape: readonly TracedSize[] }
  /** `start`, `start + step`, … along the one axis that is longer than 1. */
  | {
      readonly kind: "range";
      readonly start: TracedSize;
      readonly step: number;
      readonly shape: readonly TracedSize[];
    }
  /** One number, which is a size. */
  | { readonly kind: "size"; readonly size: TracedSize }
  /** The first elements along each axis of larger numbers of shape `from`: a table of positions, a causal mask. */
  | {
      readonly kind: "cropped";
      readonly data: HostData;
      readonly from: readonly number[];
      readonly shape: readonly TracedSize[];
    };

/** One op that ran. */
export interface TracedNode {
  readonly kind: "node";
  /** The kernel's name, `PellucidConv2d` or tfjs' `Transpose`, or that of an op that is traced as one: `interpolate`. */
  readonly op: string;
  /** The names of the values that went in, by the op's names for them; of ops with a list of inputs, `"0"`, `"1"`, … */
  readonly inputs: Readonly<Record<string, string>>;
  /** The names of the values that came out. */
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, TracedAttribute>>;
  /** The path of the module in whose `forward` it ran. */
  readonly path: string;
  /** The class of that module. */
  readonly type: string;
}

/** One call of a module's `forward`. */
export interface TracedCall {
  readonly kind: "call";
  /** The path of the module, which is empty for the model itself. A module that runs twice has two calls. */
  readonly path: string;
  /** Its class. */
  readonly type: string;
  readonly module: Module;
  /** The arguments of `forward`. */
  readonly inputs: readonly TracedStructure[];
  readonly output: TracedStructure;
  /** The ops and modules that ran in it, in order. */
  readonly body: readonly (TracedNode | TracedCall)[];
}

/** A structure of values, such as the input or output of a module. */
export type TracedStructure =
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly TracedStructure[] }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, TracedStructure>> }
  /** A value on the host: a number, text, `null` or an object without tensors. */
  | { readonly kind: "host"; readonly value: unknown };

/** An axis of an input whose size is free. */
export interface FreeAxis {
  /** Its size in the run that was traced. */
  readonly size: number;
  /** The largest size at which the graph computes what the model does; `null` if it is not limited. */
  readonly limit: number | null;
  /** What its size must be a multiple of, so that the model does the same: 1 for most, a power of two for U-Nets. */
  readonly multiple: number;
}

/** A tensor of a model's output. */
export interface TracedOutput {
  /** `output`, or the fields of the output that lead to it: `logits`, `features.0`. */
  readonly name: string;
  /** The name of the value. */
  readonly value: string;
}

/** What a model computes, as a graph: see {@link trace}. */
export interface Trace {
  /** The call of the model: its inputs, its output, and all that ran in it as a tree. */
  readonly root: TracedCall;
  /** All ops that the output depends on, in the order in which they ran. */
  readonly nodes: readonly TracedNode[];
  /** All tensors by name: inputs, parameters, buffers, constants and results. */
  readonly values: ReadonlyMap<string, TracedValue>;
  /** The names of the inputs, in their order. */
  readonly inputs: readonly string[];
  /** The tensors of the output, in their order. */
  readonly outputs: readonly TracedOutput[];
  /** The axes of the inputs whose sizes are free, by name: `batch`, `height`, `width`, `time`. */
  readonly axes: Readonly<Record<string, FreeAxis>>;
  /** The inputs, a table of the ops and the outputs, as text. */
  toString(): string;
}
