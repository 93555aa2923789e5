import type { OnnxGraphFile, OnnxNode } from "../read/read-model.ts";
import type { OnnxTensor } from "../read/read-tensor.ts";
import { isGraph } from "./check-graph.ts";

/**
 * The graph with the tensors of its `Constant` nodes as weights, and with a copy of each vector that an `Identity` takes from another weight: some exporters write the
 * weights of a norm as constants, or equal ones, such as the ones and zeros of all norms, once. Matrices stay shared, as tied embeddings are.
 */
export function withoutConstants(graph: OnnxGraphFile): OnnxGraphFile {
  const vectors = new Map(
    graph.initializers.filter(({ shape }) => shape.length === 1).map((tensor) => [tensor.name, tensor]),
  );
  const lifted = new Map<OnnxNode, OnnxTensor>();
  for (const node of graph.nodes) {
    const tensor = constantOf(node) ?? copyOf(node, vectors);
    if (tensor !== null) lifted.set(node, { ...tensor, name: node.outputs[0] ?? "" });
  }
  const nodes = graph.nodes.filter((node) => !lifted.has(node)).map(withBodies);
  return { ...graph, nodes, initializers: [...graph.initializers, ...lifted.values()] };
}

function constantOf({ op, domain, attributes }: OnnxNode): OnnxTensor | null {
  const value = attributes.get("value");
  return op === "Constant" && domain === "" && isTensor(value) ? value : null;
}

function copyOf(
  { op, domain, inputs }: OnnxNode,
  vectors: ReadonlyMap<string, OnnxTensor>,
): OnnxTensor | null {
  return op === "Identity" && domain === "" ? (vectors.get(inputs[0] ?? "") ?? null) : null;
}

/** Whether an attribute is a tensor. */
export function isTensor(value: unknown): value is OnnxTensor {
  return typeof value === "object" && value !== null && "data" in value;
}

function withBodies(node: OnnxNode): OnnxNode {
  const attributes = [...node.attributes].map(
    ([name, value]) => [name, isGraph(value) ? withoutConstants(value) : value] as const,
  );
  return { ...node, attributes: new Map(attributes) };
}
