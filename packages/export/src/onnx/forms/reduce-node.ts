import type { OnnxGraph } from "../onnx-graph.ts";

/** From opset 18 on axes are an input of every reduction, before of the sum alone. */
export function reduceNode(
  graph: OnnxGraph,
  op: string,
  x: string,
  axes: readonly number[],
  keepdims: number,
  name?: string,
): string {
  return op === "ReduceSum" || graph.opset >= 18
    ? graph.add(op, [x, graph.ints(axes)], { keepdims }, name)
    : graph.add(op, [x], { axes, keepdims }, name);
}
