import { Message } from "./message.ts";

// The fields of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** ONNX's numbers of the dtypes that are written. */
export const dtypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** A dtype of ONNX. */
export type Dtype = keyof typeof dtypes;

/** An attribute: an integer, integers, a text, or as {@link float}, {@link tensorAttribute} and {@link graphAttribute} make it. */
export type Attribute = number | string | readonly number[] | { readonly write: (into: Message) => void };

/** An attribute that is a number with a fraction. */
export function float(value: number): Attribute {
  return { write: (into) => into.float(2, value).int(20, 1) };
}

/** An attribute that is a tensor. */
export function tensorAttribute(tensor: Message): Attribute {
  return { write: (into) => into.message(5, tensor).int(20, 4) };
}

/** An attribute that is a graph, such as the body of a loop. */
export function graphAttribute(graph: Message): Attribute {
  return { write: (into) => into.message(6, graph).int(20, 5) };
}

/** An attribute that is a list of texts. */
export function texts(values: readonly string[]): Attribute {
  return {
    write: (into) => {
      for (const value of values) into.text(9, value);
      into.int(20, 8);
    },
  };
}

/** `NodeProto` */
export function nodeProto(
  name: string,
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): Message {
  const node = new Message();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(3, name).text(4, op);
  for (const [key, value] of Object.entries(attributes)) node.message(5, attributeProto(key, value));
  return node;
}

function attributeProto(name: string, value: Attribute): Message {
  const attribute = new Message().text(1, name);
  if (typeof value === "number") return attribute.int(3, value).int(20, 2);
  if (typeof value === "string") return attribute.text(4, value).int(20, 3);
  if ("write" in value) value.write(attribute);
  else attribute.ints(8, value).int(20, 7);
  return attribute;
}

/** Bytes outside of the file, in another one. */
export interface ExternalBytes {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** `TensorProto` */
export function tensorProto(
  name: string,
  dtype: Dtype,
  shape: readonly number[],
  content: Uint8Array | ExternalBytes,
): Message {
  const tensor = new Message().ints(1, shape).int(2, dtypes[dtype]).text(8, name);
  if (content instanceof Uint8Array) return tensor.bytes(9, content);
  for (const [key, value] of Object.entries(content)) tensor.message(13, entry(key, `${value}`));
  return tensor.int(14, 1);
}

/** `ValueInfoProto`: the name, dtype and shape of an input or output, where a word is a free size. */
export function valueInfo(name: string, dtype: Dtype, shape: readonly (number | string)[]): Message {
  const axes = new Message();
  for (const size of shape) {
    const axis = new Message();
    axes.message(1, typeof size === "number" ? axis.int(1, size) : axis.text(2, size));
  }
  const tensor = new Message().int(1, dtypes[dtype]).message(2, axes);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** `GraphProto` */
export function graphProto(
  name: string,
  graph: {
    readonly nodes: readonly Message[];
    readonly initializers?: readonly Message[];
    readonly inputs: readonly Message[];
    readonly outputs: readonly Message[];
  },
): Message {
  const proto = new Message();
  for (const node of graph.nodes) proto.message(1, node);
  proto.text(2, name);
  for (const tensor of graph.initializers ?? []) proto.message(5, tensor);
  for (const input of graph.inputs) proto.message(11, input);
  for (const output of graph.outputs) proto.message(12, output);
  return proto;
}

/** `ModelProto` */
export function modelProto(
  graph: Message,
  about: {
    readonly opset: number;
    readonly ir: number;
    readonly metadata: Readonly<Record<string, string>>;
  },
): Message {
  const model = new Message().int(1, about.ir).text(2, "pellucid").message(7, graph);
  model.message(8, new Message().text(1, "").int(2, about.opset));
  for (const [key, value] of Object.entries(about.metadata)) model.message(14, entry(key, value));
  return model;
}

/** `StringStringEntryProto` */
function entry(key: string, value: string): Message {
  return new Message().text(1, key).text(2, value);
}
