import { sizeOf } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { OnnxError } from "../read/onnx-error.ts";
import type { OnnxAttribute, OnnxNode } from "../read/read-model.ts";
import type { HostNumbers, OnnxValue } from "./onnx-value.ts";

/** What the model gives to the ops that run in it. */
export interface Surroundings {
  readonly opset: number;
  /** Whether the model is in training mode. */
  readonly training: boolean;
  /** The value that a name of the file has for the node that runs, and runs the graph in one of its attributes. */
  readonly runBody: (body: string, inputs: readonly OnnxValue[]) => readonly OnnxValue[];
  /** Moves a buffer, which a name of the file has, to a new value. */
  readonly update: (name: string, next: (current: Tensor) => Tensor) => void;
}

/** Tensors larger than that would be a mistake or an attack: 2 GB of numbers. */
const mostElements = 2 ** 29;

/** One run of a node: its inputs and attributes, checked as they are asked for. */
export class Call {
  readonly node: OnnxNode;
  readonly inputs: readonly (OnnxValue | null)[];
  readonly around: Surroundings;

  constructor(node: OnnxNode, inputs: readonly (OnnxValue | null)[], around: Surroundings) {
    this.node = node;
    this.inputs = inputs;
    this.around = around;
  }

  /** An input, which must be there. */
  input(index: number): OnnxValue {
    return this.inputs[index] ?? this.#throw(`its input ${index} is missing`);
  }

  /** An input that may be left out. */
  optional(index: number): OnnxValue | null {
    return this.inputs[index] ?? null;
  }

  /** An input that follows from shapes and constants. */
  numbers(index: number): HostNumbers {
    return (
      this.input(index).numbers ??
      this.#throw(`its input ${index} depends on the data, so that the graph would have to change with it`)
    );
  }

  /** The integers of such an input. */
  integers(index: number): readonly number[] {
    return Array.from(this.numbers(index).data);
  }

  attribute(name: string): OnnxAttribute | undefined {
    return this.node.attributes.get(name);
  }

  /** An attribute that is a number. */
  number(name: string, otherwise: number): number {
    const value = this.attribute(name) ?? otherwise;
    return typeof value === "number" ? value : this.#throw(`${name} is not a number`);
  }

  /** An attribute that is a list of numbers. */
  list(name: string, otherwise: readonly number[] | null = null): readonly number[] {
    const value = this.attribute(name) ?? otherwise ?? this.#throw(`${name} is missing`);
    if (Array.isArray(value) && value.every((item) => typeof item === "number")) return value;
    return this.#throw(`${name} is not a list of numbers`);
  }

  /** An attribute that is one of some texts. */
  text<T extends string>(name: string, otherwise: T, choices: readonly T[]): T {
    const value = this.attribute(name) ?? otherwise;
    const found = choices.find((choice) => choice === value);
    return found ?? this.#throw(`${name} is ${JSON.stringify(value)}, expected ${choices.join(" or ")}`);
  }

  /** An axis counted from 0. */
  axis(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(found) && found >= 0 && found < Math.max(1, rank)) return found;
    return this.#throw(`its axis is ${axis}, but there are ${rank} axes`);
  }

  /** Throws unless a shape is one of a tensor that memory can hold. */
  checkSize(shape: readonly number[]): readonly number[] {
    if (shape.every((size) => Number.isInteger(size) && size >= 0) && sizeOf(shape) <= mostElements)
      return shape;
    return this.#throw(`it would make a tensor of [${shape.join(", ")}]`);
  }

  /** What of an op is not imported. */
  refuse(unless: boolean, reason: string): void {
    if (!unless) this.#throw(reason);
  }

  /** The error for this node. */
  error(reason: string, cause?: unknown): OnnxError {
    return new OnnxError(`fromOnnx: ${where(this.node)}: ${reason}.`, cause === undefined ? {} : { cause });
  }

  #throw(reason: string): never {
    throw this.error(reason);
  }
}

/** `Conv "conv1:Conv"` */
export function where({ op, name, outputs, domain }: OnnxNode): string {
  const full = domain === "" ? op : `${domain}.${op}`;
  return `${full} ${JSON.stringify(name === "" ? (outputs[0] ?? "") : name)}`;
}

/** Runs a node. */
export type OnnxOp = (call: Call) => OnnxValue | readonly OnnxValue[];

/** Ops by ONNX's names. */
export type OnnxOps = Readonly<Record<string, OnnxOp>>;
