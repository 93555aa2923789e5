import type { HostTensor } from "@pellucid/core-train";
import { OnnxFileError } from "./onnx-file-error.ts";
import { readFields } from "./read-fields.ts";

/** A tensor of a file: its numbers, and whether they are integers of 64 bits, which are read as 32. */
export interface OnnxTensor extends HostTensor {
  readonly name: string;
  readonly dtype: "float32" | "int32" | "int64" | "bool";
}

/** An attribute of a node. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | OnnxTensor
  | OnnxGraphFile;

/** A node of a file. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** An input or output of a graph. */
export interface OnnxPort {
  readonly name: string;
  readonly dtype: number;
  /** Each size is fixed or has a name. */
  readonly shape: readonly (number | string)[];
}

/** A graph of a file. */
export interface OnnxGraphFile {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** What is in an ONNX file. */
export interface OnnxModelFile {
  readonly ir: number;
  readonly opset: number;
  readonly graph: OnnxGraphFile;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads an ONNX file.
 *
 * @throws {OnnxFileError} If it is truncated or something else, or has its weights in another file.
 */
export function readModel(file: Uint8Array): OnnxModelFile {
  const model = parts(file);
  const [graph] = model.messages(7);
  if (graph === undefined) throw new OnnxFileError("the file has no graph. Is it an ONNX file?");
  const opset = model
    .messages(8)
    .map(parts)
    .find((set) => set.text(1) === "")
    ?.int(2);
  return {
    ir: model.int(1) ?? 0,
    opset: opset ?? 0,
    graph: readGraph(graph),
    metadata: entries(model.messages(14)),
  };
}

function readGraph(bytes: Uint8Array): OnnxGraphFile {
  const graph = parts(bytes);
  return {
    name: graph.text(2),
    nodes: graph.messages(1).map(readNode),
    initializers: graph.messages(5).map(readTensor),
    inputs: graph.messages(11).map(readPort),
    outputs: graph.messages(12).map(readPort),
  };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const node = parts(bytes);
  const attributes = node.messages(5).map((message) => {
    const attribute = parts(message);
    return [attribute.text(1), readAttribute(attribute)] as const;
  });
  return {
    name: node.text(3),
    op: node.text(4),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: Object.fromEntries(attributes),
  };
}

function readAttribute(attribute: Parts): OnnxAttribute {
  const type = attribute.int(20);
  const [first] = attribute.messages(type === 4 ? 5 : 6);
  if (type === 1) return attribute.floats(2)[0] ?? 0;
  if (type === 2) return attribute.int(3) ?? 0;
  if (type === 3) return attribute.text(4);
  if (type === 4 && first !== undefined) return readTensor(first);
  if (type === 5 && first !== undefined) return readGraph(first);
  if (type === 6) return attribute.floats(7);
  if (type === 7) return attribute.ints(8);
  if (type === 8) return attribute.texts(9);
  throw new OnnxFileError(`the attribute ${attribute.text(1)} is of type ${type}, which is not read.`);
}

const names: Readonly<Record<number, OnnxTensor["dtype"]>> = {
  1: "float32",
  6: "int32",
  7: "int64",
  9: "bool",
};
const widths = { float32: 4, int32: 4, int64: 8, bool: 1 } as const;

function readTensor(bytes: Uint8Array): OnnxTensor {
  const tensor = parts(bytes);
  const name = tensor.text(8);
  const code = tensor.int(2) ?? 0;
  const dtype = names[code];
  if (dtype === undefined)
    throw new OnnxFileError(
      `${name} has the dtype ${code}, expected 1, 6, 7 or 9: float32, int32, int64 or bool.`,
    );
  if ((tensor.int(14) ?? 0) !== 0)
    throw new OnnxFileError(`${name} is in another file. Write the model as one file.`);
  const shape = tensor.ints(1);
  const raw = tensor.messages(9)[0] ?? new Uint8Array(0);
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.some((n) => !(n >= 0)) || raw.length !== size * widths[dtype])
    throw new OnnxFileError(
      `${name} is ${dtype} [${shape.join(", ")}], but has ${raw.length} bytes. Is the file complete?`,
    );
  return { name, dtype, shape, data: numbersOf(raw, dtype) };
}

function numbersOf(raw: Uint8Array, dtype: OnnxTensor["dtype"]): HostTensor["data"] {
  const { buffer } = raw.slice();
  if (dtype === "float32") return new Float32Array(buffer);
  if (dtype === "int32") return new Int32Array(buffer);
  if (dtype === "bool") return new Uint8Array(buffer);
  return Int32Array.from(new BigInt64Array(buffer), (n) =>
    Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number(n))),
  );
}

function readPort(bytes: Uint8Array): OnnxPort {
  const port = parts(bytes);
  const tensor = parts(parts(port.messages(2)[0] ?? empty).messages(1)[0] ?? empty);
  const shape = parts(tensor.messages(2)[0] ?? empty)
    .messages(1)
    .map(parts)
    .map((size) => size.int(1) ?? size.text(2));
  return { name: port.text(1), dtype: tensor.int(1) ?? 0, shape };
}

const empty = new Uint8Array(0);

function entries(messages: readonly Uint8Array[]): Readonly<Record<string, string>> {
  return Object.fromEntries(messages.map(parts).map((entry) => [entry.text(1), entry.text(2)]));
}

type Parts = ReturnType<typeof parts>;

/** The fields of a message by number. */
function parts(message: Uint8Array) {
  const fields = [...readFields(message)];
  const messages = (number: number): Uint8Array[] =>
    fields.flatMap((field) => (field.field === number && "bytes" in field ? [field.bytes] : []));
  const ints = (number: number): number[] =>
    fields.flatMap((field) => {
      if (field.field !== number) return [];
      if ("int" in field) return [Number(BigInt.asIntN(64, field.int))];
      return packed(field.bytes);
    });
  const texts = (number: number): string[] =>
    messages(number).map((bytes) => new TextDecoder().decode(bytes));
  const floats = (number: number): number[] =>
    messages(number).flatMap((bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
    });
  return {
    messages,
    ints,
    texts,
    floats,
    int: (number: number): number | undefined => ints(number)[0],
    text: (number: number): string => texts(number)[0] ?? "",
  };
}

/** Integers one after the other, as newer writers have them. */
function packed(bytes: Uint8Array): number[] {
  const found: number[] = [];
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    found.push(Number(BigInt.asIntN(64, value)));
    [value, shift] = [0n, 0n];
  }
  return found;
}
