import type { TracedNode } from "@pellucid/core-train";
import { axisInFirst } from "../held.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { isOnlyFirst, outputOf } from "./form.ts";

/** Writes an op that works along axes in the layout that its input has. */
export function alongAxes(
  graph: OnnxGraph,
  node: TracedNode,
  x: string,
  write: (x: string, axisOf: (axis: number) => number) => string,
): void {
  const held = graph.held(x);
  const rank = held.shape.length;
  const out = outputOf(node);
  if (rank > 2 && isOnlyFirst(held))
    graph.setFirst(
      out,
      write(graph.first(held), (axis) => axisInFirst(axis, rank)),
    );
  else
    graph.setLast(
      out,
      write(graph.last(held), (axis) => axis),
    );
}
