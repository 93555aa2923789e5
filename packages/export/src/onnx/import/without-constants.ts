import type { OnnxGraphFile, OnnxNode } from "../read/read-model.ts";
import type { OnnxTensor } from "../read/read-tensor.ts";
import { isGraph } from "./check-graph.ts";

/** The graph with the tensors of its `Constant` nodes as weights: some exporters write the weights of a norm so. */
export function withoutConstants(graph: OnnxGraphFile): OnnxGraphFile {
  const lifted = graph.nodes.flatMap((node) => {
    const tensor = tensorOf(node);
    return tensor === null ? [] : [{ ...tensor, name: node.outputs[0] ?? "" }];
  });
  const nodes = graph.nodes.filter((node) => tensorOf(node) === null).map(withBodies);
  return { ...graph, nodes, initializers: [...graph.initializers, ...lifted] };
}

function tensorOf({ op, domain, attributes }: OnnxNode): OnnxTensor | null {
  const value = attributes.get("value");
  return op === "Constant" && domain === "" && isTensor(value) ? value : null;
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
