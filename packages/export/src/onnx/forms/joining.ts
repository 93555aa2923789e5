import type { TracedNode, TracedSize } from "@pellucid/core-train";
import { axisInFirst } from "../held.ts";
import { axesOf, type Form, inputOf, isOnlyFirst, listOf, outputOf, refused } from "./form.ts";

const concat: Form = (graph, node) => {
  const out = outputOf(node);
  const parts = listOf(node);
  const rank = graph.about(out).shape.length;
  const [axis = 0] = axesOf(node, "axis", rank);
  const asFirst = rank > 2 && parts.some((part) => isOnlyFirst(graph.held(part)));
  const inputs = parts.map((part) => (asFirst ? graph.first(part) : graph.last(part)));
  const made = graph.add("Concat", inputs, { axis: asFirst ? axisInFirst(axis, rank) : axis }, out);
  if (asFirst) graph.setFirst(out, made);
  else graph.setLast(out, made);
};

const split: Form = (graph, node) => {
  const x = graph.held(inputOf(node, "x"));
  const rank = x.shape.length;
  const [axis = 0] = axesOf(node, "axis", rank);
  const asFirst = rank > 2 && isOnlyFirst(x);
  const sizes = node.outputs.map((_, i) => sizeOfPart(node, i, x.shape[axis] as number | string));
  const names = graph.several(
    "Split",
    [asFirst ? graph.first(x) : graph.last(x), graph.shape(sizes)],
    { axis: asFirst ? axisInFirst(axis, rank) : axis },
    node.outputs,
  );
  for (const [i, out] of node.outputs.entries()) {
    if (asFirst) graph.setFirst(out, names[i] as string);
    else graph.setLast(out, names[i] as string);
  }
};

function sizeOfPart(node: TracedNode, part: number, whole: number | string): TracedSize {
  const parts = node.attributes["numOrSizeSplits"];
  if (Array.isArray(parts)) return (parts as TracedSize[])[part] as TracedSize;
  if (typeof whole === "number") return whole / node.outputs.length;
  throw refused(node, "it splits an axis of free size");
}

/** Tensors side by side along a new axis. */
const pack: Form = (graph, node) => {
  const out = outputOf(node);
  const [axis = 0] = axesOf(node, "axis", graph.about(out).shape.length);
  const axes = graph.ints([axis]);
  const parts = listOf(node).map((part) => graph.add("Unsqueeze", [graph.last(part), axes]));
  graph.setLast(out, graph.add("Concat", parts, { axis }, out));
};

const unpack: Form = (graph, node) => {
  const x = inputOf(node, "value");
  const [axis = 0] = axesOf(node, "axis", graph.held(x).shape.length);
  for (const [i, out] of node.outputs.entries())
    graph.setLast(out, graph.add("Gather", [graph.last(x), graph.int64(i)], { axis }, out));
};

/** The ops that join tensors and split them. */
export const joiningForms: Readonly<Record<string, Form>> = {
  Concat: concat,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
};
