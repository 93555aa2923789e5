import { checkArguments, type HostTensor, tidyLeaves } from "@pellucid/core-train";
import { type Tensor, tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { checkGraph } from "../graph/check-graph.ts";
import type { Graph } from "../graph/graph.ts";
import type { GraphData } from "./graph-data.ts";

/** The tensors of a graph on the host, checked; masks become booleans, and other fields tensors too. */
export function toGraph<Data extends GraphData>(
  data: Data,
): Graph & { readonly [Name in keyof Data]: Tensor } {
  checkArguments("toGraph", { "{ x, edgeIndex }": { graph: data } });
  return tidyLeaves(() => {
    const fields = Object.entries(data as Record<string, HostTensor | undefined>).flatMap(
      ([name, value]): [string, Tensor][] => (value === undefined ? [] : [[name, tensorOf(name, value)]]),
    );
    const graph = Object.fromEntries(fields) as unknown as Graph & { readonly [Name in keyof Data]: Tensor };
    checkGraph("toGraph", graph);
    return graph;
  });
}

function tensorOf(name: string, { data, shape }: HostTensor): Tensor {
  const dtype = name.endsWith("Mask") ? "bool" : data instanceof Float32Array ? "float32" : "int32";
  return tensor(data, [...shape], dtype);
}

/** The fields of a graph read back to the host, such as to sample it. */
export async function graphDataOf(graph: Graph): Promise<GraphData> {
  checkArguments("graphDataOf", { "{ x, edgeIndex }": { graph } });
  const fields = Object.entries(graph).filter(
    (entry): entry is [string, Tensor1D | Tensor2D] =>
      typeof entry[1] === "object" && entry[1] !== null && "dataId" in entry[1],
  );
  const read = fields.map(async ([name, value]): Promise<[string, HostTensor]> => {
    const data = (await value.data()) as Float32Array | Int32Array | Uint8Array;
    return [name, { data: value.dtype === "bool" ? Uint8Array.from(data) : data, shape: value.shape }];
  });
  return Object.fromEntries(await Promise.all(read)) as unknown as GraphData;
}
