import { MessageFields } from "./message-fields.ts";
import { OnnxError } from "./onnx-error.ts";
import { type ExternalData, type OnnxTensor, readTensor } from "./read-tensor.ts";

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
  /** Empty for ONNX's own ops. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An input or output of a graph. */
export interface OnnxPort {
  readonly name: string;
  readonly dtype: number;
  /** Each size is fixed or has a name, which is empty if the file does not say; `null` if it does not even say the rank. */
  readonly shape: readonly (number | string)[] | null;
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
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads an ONNX file.
 *
 * @param external the files of weights; without them there are none
 * @throws {OnnxError} If it is truncated or something else, or has its weights in a file that is not there.
 */
export function readModel(file: Uint8Array, external: ExternalData = () => null): OnnxModelFile {
  const model = new MessageFields(file);
  const [graph] = model.messages(7);
  if (graph === undefined) throw new OnnxError("fromOnnx: the file has no graph. Is it an ONNX file?");
  const own = model.messages(8).find((set) => set.text(1) === "" || set.text(1) === "ai.onnx");
  return {
    ir: model.int(1) ?? 0,
    opset: own?.int(2) ?? 0,
    graph: readGraph(graph, external, 0),
    metadata: new Map(model.messages(14).map((entry) => [entry.text(1), entry.text(2)])),
  };
}

/** Loops within loops are no deeper than that. */
const deepest = 8;

function readGraph(graph: MessageFields, external: ExternalData, depth: number): OnnxGraphFile {
  if (depth > deepest)
    throw new OnnxError(`fromOnnx: graphs are nested more than ${deepest} times, which no model needs.`);
  if (graph.bytes(15).length > 0) throw new OnnxError("fromOnnx: sparse weights cannot be imported.");
  return {
    name: graph.text(2),
    nodes: graph.messages(1).map((node) => readNode(node, external, depth)),
    initializers: graph.messages(5).map((tensor) => readTensor(tensor, external)),
    inputs: graph.messages(11).map(readPort),
    outputs: graph.messages(12).map(readPort),
  };
}

function readNode(node: MessageFields, external: ExternalData, depth: number): OnnxNode {
  const name = node.text(3);
  const attributes = node
    .messages(5)
    .map((attribute) => [attribute.text(1), readAttribute(attribute, name, external, depth)] as const);
  const domain = node.text(7);
  return {
    name,
    op: node.text(4),
    domain: domain === "ai.onnx" ? "" : domain,
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: new Map(attributes),
  };
}

function readAttribute(
  attribute: MessageFields,
  node: string,
  external: ExternalData,
  depth: number,
): OnnxAttribute {
  const type = attribute.int(20) ?? 0;
  if (type === 1) return attribute.floats(2)[0] ?? 0;
  if (type === 2) return attribute.int(3) ?? 0;
  if (type === 3) return attribute.text(4);
  if (type === 4) return readTensor(attribute.message(5), external);
  if (type === 5) return readGraph(attribute.message(6), external, depth + 1);
  if (type === 6) return attribute.floats(7);
  if (type === 7) return attribute.ints(8);
  if (type === 8) return attribute.texts(9);
  throw new OnnxError(
    `fromOnnx: the attribute ${attribute.text(1)} of ${node} is of type ${type}, which is not read.`,
  );
}

function readPort(port: MessageFields): OnnxPort {
  const tensor = port.message(2).message(1);
  const [shape] = tensor.messages(2);
  return {
    name: port.text(1),
    dtype: tensor.int(1) ?? 0,
    shape: shape?.messages(1).map((size) => size.int(1) ?? size.text(2)) ?? null,
  };
}
