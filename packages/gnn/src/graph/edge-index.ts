import { checkArguments } from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { EdgeList, registerEdges } from "./edge-list.ts";

/** The tensor of edges: int32 `[2, edge]`. */
export function edgeIndexOf(edges: EdgeList): Tensor2D {
  checkArguments("edgeIndexOf", { "{ source, target }": { edges } });
  const ids = new Int32Array(2 * edges.length);
  ids.set(edges.source);
  ids.set(edges.target, edges.length);
  const edgeIndex = tensor2d(ids, [2, edges.length], "int32");
  registerEdges(edgeIndex, edges);
  return edgeIndex;
}
