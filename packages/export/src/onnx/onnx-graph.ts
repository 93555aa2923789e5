import {
  type HostTensor,
  permute,
  type Trace,
  type TracedNode,
  type TracedSize,
  type TracedValue,
} from "@pellucid/core-train";
import { ExportError } from "../export-error.ts";
import { channelsFirst, channelsLast, axisInFirst, type Held } from "./held.ts";
import { littleEndian } from "./little-endian.ts";
import type { Message } from "./message.ts";
import { NodeList, Names } from "./node-list.ts";
import { type Attribute, type Dtype, tensorAttribute, tensorProto } from "./onnx-proto.ts";

/** Numbers that a graph carries. */
export interface Initializer {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Writes the nodes of a trace as nodes of ONNX, one after the other. */
export class OnnxGraph {
  readonly opset: number;
  readonly initializers: Initializer[] = [];
  readonly list = new NodeList(new Names());
  readonly #held = new Map<string, Held>();
  readonly #sizes = new Map<string, string>();
  readonly #written = new Map<string, string>();
  /** The names of parameters in another order of axes, which several ops may use. */
  readonly #turned = new Map<string, string>();
  #trace: Trace;
  /** The name of the output of the node that is being written. */
  #out = "";

  constructor(trace: Trace, opset: number) {
    this.#trace = trace;
    this.opset = opset;
  }

  get nodes(): readonly Message[] {
    return this.list.messages;
  }

  /** Names what `write` adds after the outputs of a node. */
  at(node: TracedNode, write: () => void): void {
    this.#out = node.outputs[0] ?? node.op;
    write();
  }

  // values

  hold(held: Held): Held {
    this.#held.set(held.name, held);
    return held;
  }

  held(name: string): Held {
    const held = this.#held.get(name);
    if (held === undefined) throw new ExportError(`toOnnx: there is no value ${name} yet.`);
    return held;
  }

  /** Makes a value another name for one that is there. */
  alias(name: string, held: Held): void {
    this.#held.set(name, held);
  }

  /** The size of an axis in the run that was traced. */
  baseSize(value: string, axis: number): number {
    return this.#trace.values.get(value)?.sizes[axis] ?? 0;
  }

  /** What a formula gives in the run that was traced. */
  base(size: TracedSize): number {
    if (typeof size === "number") return size;
    const product = size.of.reduce((all, { value, axis }) => all * this.baseSize(value, axis), size.times);
    return Math.floor((product + size.add) / size.over);
  }

  /** What a value of the trace is, without a form yet. */
  about(name: string): Pick<Held, "name" | "dtype" | "shape"> {
    const value: TracedValue | undefined = this.#trace.values.get(name);
    if (value === undefined) throw new ExportError(`toOnnx: there is no value ${name}.`);
    return { name, dtype: value.dtype, shape: value.shape };
  }

  /** Gives a value of the trace its form with channels last. */
  setLast(name: string, last: string): void {
    this.hold({ ...this.about(name), last });
  }

  /** Gives a value of the trace its form with channels first. */
  setFirst(name: string, first: string): void {
    this.hold({ ...this.about(name), first });
  }

  /** The name of a value with channels last. */
  last(of: string | Held): string {
    const held = typeof of === "string" ? this.held(of) : of;
    held.last ??= this.#makeLast(held);
    return held.last;
  }

  #makeLast(held: Held): string {
    const { name, known, flatOf, first, shape, make, fill, dtype } = held;
    if (make !== undefined) return make();
    if (first !== undefined)
      return this.add("Transpose", [first], { perm: channelsLast(shape.length) }, `${name}.channelsLast`);
    if (known !== undefined) return this.known(known, dtype, name);
    if (flatOf !== undefined) {
      const target = shape.length === 3 ? [0, -1, shape[2]] : shape.length === 2 ? [-1, shape[1]] : [-1];
      return this.add("Reshape", [this.last(flatOf), this.ints(target as number[])], {}, name);
    }
    throw new ExportError(`toOnnx: ${name} has no form${fill === undefined ? "" : `, but ${fill}`}.`);
  }

  /** The name of a value with channels first. */
  first(of: string | Held): string {
    const held = typeof of === "string" ? this.held(of) : of;
    held.first ??= this.#makeFirst(held);
    return held.first;
  }

  #makeFirst(held: Held): string {
    const { name, known, shape, dtype } = held;
    const perm = channelsFirst(shape.length);
    if (known !== undefined && held.last === undefined)
      return this.known(permute(known, perm), dtype, `${name}.channelsFirst`);
    return this.add("Transpose", [this.last(held)], { perm }, `${name}.channelsFirst`);
  }

  /** The form of a value that broadcasts over one of `rank` axes with channels first. */
  firstLike(of: string, rank: number): string {
    const held = this.held(of);
    const { shape, known, dtype, name } = held;
    if (shape.length === rank) return this.first(held);
    if (shape.every((size) => size === 1)) return this.last(held);
    const missing = rank - shape.length;
    const perm = channelsFirst(rank);
    if (known !== undefined) {
      const full = [...new Array<number>(missing).fill(1), ...known.shape];
      return this.known(permute({ ...known, shape: full }, perm), dtype, `${name}.channelsFirst`);
    }
    const axes = this.ints(Array.from({ length: missing }, (_, axis) => axis));
    return this.add("Transpose", [this.add("Unsqueeze", [this.last(held), axes])], { perm });
  }

  // nodes

  /** Adds a node; see {@link NodeList.add}. Without a name, the output is named after the value that is being written. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${this.#out}.${op.charAt(0).toLowerCase()}${op.slice(1)}`,
  ): string {
    return this.list.add(op, inputs, attributes, name);
  }

  /** Adds a node with several outputs. */
  several(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    names: readonly string[],
  ): readonly string[] {
    return this.list.several(op, inputs, attributes, names);
  }

  // constants

  /** The numbers of a parameter with its axes in another order, which are in the file once. */
  turned({ name, known, dtype }: Held & { readonly known: HostTensor }, perm: readonly number[]): string {
    const key = `${name} ${perm.join()}`;
    const before = this.#turned.get(key) ?? this.known(permute(known, perm), dtype, name);
    this.#turned.set(key, before);
    return before;
  }

  /** Numbers that the file carries; the same small ones are there once. */
  known({ data, shape }: HostTensor, dtype: "float32" | "int32" | "bool", name: string): string {
    const bytes =
      dtype === "bool" ? Uint8Array.from(data, (x) => (x === 0 ? 0 : 1)) : littleEndian(data, dtype);
    return this.#initializer({ name, dtype, shape, bytes });
  }

  #initializer({ name, dtype, shape, bytes }: Initializer): string {
    const key = bytes.length > 64 ? null : `${dtype}[${shape.join()}]${bytes.join()}`;
    const before = key === null || !isConstant(name) ? undefined : this.#written.get(key);
    if (before !== undefined) return before;
    const unique = this.list.names.unique(name);
    this.initializers.push({ name: unique, dtype, shape, bytes });
    if (key !== null && isConstant(name)) this.#written.set(key, unique);
    return unique;
  }

  /** One number. */
  scalar(value: number, dtype: "float32" | "int32" = "float32"): string {
    const data = dtype === "int32" ? Int32Array.of(value) : Float32Array.of(value);
    return this.known({ data, shape: [] }, dtype, "constant");
  }

  /** A list of numbers. */
  floats(values: readonly number[]): string {
    return this.known({ data: Float32Array.from(values), shape: [values.length] }, "float32", "constant");
  }

  /** One integer of 64 bits. */
  int64(value: number): string {
    const bytes = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    return this.#initializer({ name: "ints", dtype: "int64", shape: [], bytes });
  }

  /** A list of integers of 64 bits, as shapes and axes are. */
  ints(values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#initializer({ name: "ints", dtype: "int64", shape: [values.length], bytes });
  }

  /** A tensor of one number and a shape that may be free. */
  filled(fill: number, shape: readonly TracedSize[], dtype: "float32" | "int32" | "bool"): string {
    const data = dtype === "float32" ? Float32Array.of(fill) : Int32Array.of(fill);
    const bytes = dtype === "bool" ? Uint8Array.of(fill) : new Uint8Array(data.buffer);
    const value = tensorAttribute(tensorProto("", dtype, [1], bytes));
    return this.add("ConstantOfShape", [this.shape(shape)], { value });
  }

  // sizes

  /** A list of sizes, `int64[n]`. */
  shape(sizes: readonly TracedSize[]): string {
    if (sizes.every((size) => typeof size === "number")) return this.ints(sizes);
    return this.add(
      "Concat",
      sizes.map((size) => this.size(size)),
      { axis: 0 },
    );
  }

  /** One size, `int64[1]`. */
  size(size: TracedSize): string {
    if (typeof size === "number") return this.ints([size]);
    const { of, times, add, over } = size;
    let found = of
      .map(({ value, axis }) => this.sizeOf(value, axis))
      .reduce((product, next) => this.add("Mul", [product, next]));
    if (times !== 1) found = this.add("Mul", [found, this.ints([times])]);
    if (add !== 0) found = this.add("Add", [found, this.ints([add])]);
    return over === 1 ? found : this.add("Div", [found, this.ints([over])]);
  }

  /** One size, as a number without axes. */
  sizeScalar(size: TracedSize, dtype: "int32" | "int64" | "float32"): string {
    const scalar = this.add("Squeeze", [this.size(size)]);
    return dtype === "int64" ? scalar : this.add("Cast", [scalar], { to: dtype === "int32" ? 6 : 1 });
  }

  /** The size of a value along an axis, `int64[1]`. Sizes of one name are read once, from an input if it is one of its axes. */
  sizeOf(value: string, axis: number): string {
    const held = this.held(value);
    const label = held.shape[axis] as number | string;
    if (typeof label === "number") return this.ints([label]);
    const before = this.#sizes.get(label);
    if (before !== undefined) return before;
    const found = this.#readSize(held, axis, label);
    this.#sizes.set(label, found);
    return found;
  }

  #readSize(held: Held, axis: number, label: string): string {
    const { flatOf, first, last, shape } = held;
    if (last === undefined && first === undefined && flatOf !== undefined)
      return flatOf.shape
        .slice(axis, shape.length === 1 ? undefined : shape.length === 3 && axis === 0 ? 1 : -1)
        .map((_, i) => this.#sizeOfHeld(flatOf, i + axis))
        .reduce((product, next) => this.add("Mul", [product, next]));
    const useFirst = last === undefined && first !== undefined;
    const start = useFirst ? axisInFirst(axis, shape.length) : axis;
    const from = useFirst ? this.first(held) : this.last(held);
    return this.add("Shape", [from], { start, end: start + 1 }, `size.${label}`);
  }

  #sizeOfHeld(held: Held, axis: number): string {
    const label = held.shape[axis] as number | string;
    if (typeof label === "number") return this.ints([label]);
    const before = this.#sizes.get(label) ?? this.#readSize(held, axis, label);
    this.#sizes.set(label, before);
    return before;
  }
}

function isConstant(name: string): boolean {
  return name === "constant" || name === "ints";
}
