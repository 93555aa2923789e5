import type { HostTensor, Trace, TracedConstant, TracedSize } from "@pellucid/core-train";
import { type Form, refused } from "./forms/form.ts";
import type { Held } from "./held.ts";
import { OnnxGraph } from "./onnx-graph.ts";
import { type Dtype, graphProto, valueInfo } from "./onnx-proto.ts";
import type { Message } from "./message.ts";

/** How a graph is written. */
export interface GraphOptions {
  readonly name: string;
  readonly opset: number;
  /** Whether images and sequences have channels first at the inputs and outputs. */
  readonly channelsFirst: boolean;
  /** The dtype of integers at the inputs and outputs. */
  readonly integers: "int32" | "int64";
  /** The axis of each value that has as many elements as boxes are kept by a suppression. */
  readonly kept: ReadonlyMap<string, number>;
}

/** The graph of a trace, without its numbers, and the numbers. */
export interface WrittenGraph {
  readonly graph: OnnxGraph;
  /** @param initializers the numbers as messages */
  readonly proto: (initializers: readonly Message[]) => Message;
}

/**
 * Writes the nodes of a trace as a graph of ONNX.
 *
 * @param numbers of the parameters and buffers, by name
 * @param forms of all its ops
 */
export function writeGraph(
  trace: Trace,
  numbers: ReadonlyMap<string, HostTensor>,
  forms: Readonly<Record<string, Form>>,
  { name, opset, channelsFirst, integers, kept }: GraphOptions,
): WrittenGraph {
  const graph = new OnnxGraph(trace, opset);
  const border = (dtype: Held["dtype"]): Dtype => (dtype === "int32" ? integers : dtype);
  const isFirst = (shape: readonly unknown[], dtype: string): boolean =>
    channelsFirst && shape.length > 2 && dtype === "float32";
  const info = (label: string, { shape, dtype }: Pick<Held, "shape" | "dtype">): Message => {
    const [batch = 1, ...rest] = shape;
    const turned = isFirst(shape, dtype) ? [batch, rest.at(-1) as number, ...rest.slice(0, -1)] : shape;
    return valueInfo(label, border(dtype), turned);
  };
  const inputs = trace.inputs.map((input) => {
    const about = graph.about(input);
    const label = graph.list.names.unique(input);
    const cast = about.dtype === "int32" && integers === "int64";
    const form = cast ? graph.add("Cast", [label], { to: 6 }, `${input}.int32`) : label;
    if (isFirst(about.shape, about.dtype)) graph.setFirst(input, form);
    else graph.setLast(input, form);
    return info(label, about);
  });
  const labels = trace.outputs.map(({ name: label }) => graph.list.names.unique(label));
  for (const value of trace.values.values()) {
    const known = numbers.get(value.name);
    if (value.kind === "constant") graph.hold(heldConstant(graph, value));
    else if (known !== undefined) graph.hold({ ...graph.about(value.name), known });
  }
  for (const node of trace.nodes) {
    const form = forms[node.op];
    if (form === undefined)
      throw refused(node, "ONNX has no such op, and it is not made of others that have");
    graph.at(node, () => form(graph, node));
  }
  const outputs = trace.outputs.map(({ value }, i) => {
    const held = graph.held(value);
    const found = graph.about(value);
    const about = {
      ...found,
      shape: found.shape.map((size, axis) => (axis === kept.get(value) ? "kept" : size)),
    };
    const form = isFirst(about.shape, about.dtype) ? graph.first(held) : graph.last(held);
    const label = labels[i] as string;
    const op = about.dtype === "int32" && integers === "int64" ? "Cast" : "Identity";
    graph.list.output(op, form, label, op === "Cast" ? { to: 7 } : {});
    return info(label, about);
  });
  const proto = (initializers: readonly Message[]): Message =>
    graphProto(name, { nodes: graph.nodes, initializers, inputs, outputs });
  return { graph, proto };
}

function heldConstant(graph: OnnxGraph, value: TracedConstant): Held {
  const { content, name, dtype, shape, sizes } = value;
  const about = { name, dtype, shape };
  if (content.kind === "fixed") return { ...about, known: { data: content.data, shape: sizes } };
  if (content.kind === "filled") {
    const { fill } = content;
    const size = sizes.reduce((product, n) => product * n, 1);
    if (size <= 1 && shape.every((n) => typeof n === "number"))
      return { ...about, known: { data: Float32Array.of(fill).slice(0, size), shape: sizes } };
    return { ...about, fill, make: () => graph.filled(fill, content.shape, dtype) };
  }
  return { ...about, make: () => made(graph, content, about) };
}

type FreeContent = Exclude<TracedConstant["content"], { readonly kind: "fixed" | "filled" }>;

function made(
  graph: OnnxGraph,
  content: FreeContent,
  { dtype, shape }: Pick<Held, "dtype" | "shape">,
): string {
  const numeric = dtype === "int32" ? "int32" : "float32";
  const scalar = (size: TracedSize): string =>
    typeof size === "number" ? graph.scalar(size, numeric) : graph.sizeScalar(size, numeric);
  switch (content.kind) {
    case "size": {
      const one = graph.sizeScalar(content.size, numeric);
      return shape.length === 0 ? one : graph.add("Reshape", [one, graph.ints(shape.map(() => 1))]);
    }
    case "range": {
      const count = content.shape.reduce<string | null>(
        (found, size) => (typeof size === "number" && size === 1 ? found : scalar(size)),
        null,
      );
      const step = graph.scalar(content.step, numeric);
      const length = graph.add("Mul", [count ?? graph.scalar(1, numeric), step]);
      const start = scalar(content.start);
      const values = graph.add("Range", [start, graph.add("Add", [start, length]), step]);
      return shape.length === 1 ? values : graph.add("Reshape", [values, graph.shape(content.shape)]);
    }
    case "cropped": {
      const { data, from } = content;
      const table = graph.known({ data, shape: from }, dtype, "table");
      const axes = from.map((_, axis) => axis);
      const starts = graph.ints(axes.map(() => 0));
      return graph.add("Slice", [table, starts, graph.shape(content.shape), graph.ints(axes)]);
    }
  }
}
