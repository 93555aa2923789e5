import { textTable } from "../text-table.ts";
import type { Trace } from "./traced-graph.ts";

/** A trace as text: its inputs and free axes, a line for each op, its outputs. */
export function traceTable({ nodes, values, inputs, outputs, axes }: Omit<Trace, "toString">): string {
  const shapeOf = (name: string) => `[${values.get(name)?.shape.join(", ") ?? ""}]`;
  const rows = nodes.map((node) => [
    node.path,
    node.type,
    node.op,
    Object.values(node.inputs).join(", "),
    node.outputs.map((name) => `${name} ${shapeOf(name)}`).join(", "),
  ]);
  const free = Object.keys(axes).join(", ");
  return [
    `inputs: ${inputs.map((name) => `${name} ${shapeOf(name)}`).join(", ")}${free === "" ? "" : `; of any size: ${free}`}`,
    textTable(["path", "layer", "op", "of", "output"], rows, { left: 5 }),
    `outputs: ${outputs.map(({ name, value }) => `${name} is ${value} ${shapeOf(value)}`).join(", ")}`,
  ].join("\n");
}
