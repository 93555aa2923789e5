import type { TracedSize } from "@pellucid/core-train";
import type { OnnxGraph } from "../onnx-graph.ts";
import { type Form, inputOf, numberOf, outputOf } from "./form.ts";
import { reduceNode } from "./reduce-node.ts";

/** Scores below `lowest` are blocked, as those that are `blocked`. */
const [blocked, lowest] = [-1e30, -5e29];

/** Softmax attention, `[batch, head, query, feature]`; a query whose scores are all blocked gets 0. */
const attention: Form = (graph, node) => {
  const out = outputOf(node);
  const { biased, dropped, offset } = node.attributes;
  const [query, key, value] = ["query", "key", "value"].map((name) => inputOf(node, name)) as [
    string,
    string,
    string,
  ];
  const [heads, groups] = [query, key].map((name) => graph.held(name).shape[1]) as [number, number];
  const scale = graph.scalar(numberOf(node, "scale"));
  const turned = graph.add("Transpose", [graph.last(key)], { perm: [0, 1, 3, 2] });
  const product = perGroup(graph, graph.last(query), turned, heads, groups);
  let scores = graph.add("Mul", [product, scale]);
  if (biased === true) scores = graph.add("Add", [scores, graph.last(inputOf(node, "bias"))]);
  if (offset !== null && offset !== undefined)
    scores = causal(graph, scores, query, key, offset as TracedSize);
  let weights = graph.add("Softmax", [scores], { axis: -1 });
  if (biased === true) {
    const largest = reduceNode(graph, "ReduceMax", scores, [-1], 1);
    const isOpen = graph.add("Greater", [largest, graph.scalar(lowest)]);
    weights = graph.add("Where", [isOpen, weights, graph.scalar(0)]);
  }
  if (dropped === true) weights = graph.add("Mul", [weights, graph.last(inputOf(node, "dropoutMask"))]);
  graph.setLast(out, perGroup(graph, weights, graph.last(value), heads, groups, out));
};

/** Adds what blocks the keys that come after the position of the query. */
function causal(graph: OnnxGraph, scores: string, query: string, key: string, offset: TracedSize): string {
  const [rows, columns] = [query, key].map((value) => graph.add("Squeeze", [graph.sizeOf(value, 2)])) as [
    string,
    string,
  ];
  const [zero, one] = [graph.int64(0), graph.int64(1)];
  const start = typeof offset === "number" ? graph.int64(offset) : graph.sizeScalar(offset, "int64");
  const own = graph.add("Range", [start, graph.add("Add", [start, rows]), one]);
  const others = graph.add("Range", [zero, columns, one]);
  const isFuture = graph.add("Greater", [others, graph.add("Unsqueeze", [own, graph.ints([1])])]);
  return graph.add("Where", [isFuture, graph.scalar(blocked), scores]);
}

/** A product in which the heads of a group share the right side. */
function perGroup(
  graph: OnnxGraph,
  left: string,
  right: string,
  heads: number,
  groups: number,
  name?: string,
): string {
  if (heads === groups) return graph.add("MatMul", [left, right], {}, name);
  const split = graph.add("Unsqueeze", [right, graph.ints([2])]); //  [batch, group, 1, …]
  const shape = graph.add("Shape", [left]);
  const [batch, rest] = [slice(graph, shape, 0, 1), slice(graph, shape, 2, 4)];
  const inner = graph.ints([groups, heads / groups]);
  const apart = graph.add("Reshape", [left, graph.add("Concat", [batch, inner, rest], { axis: 0 })]);
  const product = graph.add("MatMul", [apart, split]); //             [batch, group, head / group, …]
  const back = graph.add("Shape", [product]);
  const joined = graph.add("Concat", [batch, graph.ints([heads]), slice(graph, back, 3, 5)], { axis: 0 });
  return graph.add("Reshape", [product, joined], {}, name);
}

function slice(graph: OnnxGraph, x: string, start: number, end: number): string {
  return graph.add("Slice", [x, graph.ints([start]), graph.ints([end])]);
}

/** Attention. */
export const attentionForms: Readonly<Record<string, Form>> = { PellucidAttention: attention };
