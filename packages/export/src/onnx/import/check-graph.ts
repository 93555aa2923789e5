import { OnnxError } from "../read/onnx-error.ts";
import type { OnnxGraphFile, OnnxNode } from "../read/read-model.ts";
import { where } from "./call.ts";
import { ops } from "./ops/ops.ts";

/**
 * Throws unless every op of a graph can be imported, and every value is computed before it is used, once.
 *
 * @param outer the values of the graphs around it
 */
export function checkGraph(graph: OnnxGraphFile, outer: ReadonlySet<string> = new Set()): void {
  checkOps(graph);
  const made = new Set(outer);
  const define = (name: string, by: string): void => {
    if (name === "") return;
    if (made.has(name))
      throw new OnnxError(`fromOnnx: ${by} makes ${JSON.stringify(name)}, which is there before.`);
    made.add(name);
  };
  const weights = new Set(graph.initializers.map(({ name }) => name));
  if (weights.size < graph.initializers.length)
    throw new OnnxError(`fromOnnx: two weights of ${JSON.stringify(graph.name)} have the same name.`);
  for (const { name } of graph.inputs) define(name, "an input");
  for (const name of weights) made.add(name);
  for (const node of graph.nodes) {
    for (const name of node.inputs) if (name !== "" && !made.has(name)) throw missing(graph, node, name);
    for (const body of bodiesOf(node)) checkGraph(body, made);
    for (const name of node.outputs) define(name, where(node));
  }
  for (const { name } of graph.outputs)
    if (!made.has(name)) throw new OnnxError(`fromOnnx: nothing makes the output ${JSON.stringify(name)}.`);
}

function checkOps(graph: OnnxGraphFile): void {
  const unknown = graph.nodes.filter(({ op, domain }) => domain !== "" || !ops.has(op));
  const [first] = unknown;
  if (first === undefined) return;
  const others = [...new Set(unknown.map(({ op }) => op))].filter((op) => op !== first.op);
  const too = others.length === 0 ? "" : ` Nor can ${others.join(", ")}.`;
  throw new OnnxError(`fromOnnx: ${where(first)}: this op cannot be imported.${too}`);
}

function missing(graph: OnnxGraphFile, node: OnnxNode, name: string): OnnxError {
  const later = graph.nodes.find(({ outputs }) => outputs.includes(name));
  const reason =
    later === undefined
      ? "nothing makes it"
      : `${where(later)} makes it only later, in a cycle or out of order`;
  return new OnnxError(`fromOnnx: ${where(node)}: it needs ${JSON.stringify(name)}, but ${reason}.`);
}

/** The graphs in the attributes of a node. */
export function bodiesOf({ attributes }: OnnxNode): readonly OnnxGraphFile[] {
  return [...attributes.values()].filter(isGraph);
}

/** Whether an attribute is a graph. */
export function isGraph(value: unknown): value is OnnxGraphFile {
  return typeof value === "object" && value !== null && "nodes" in value;
}
