import { checkArguments, checkShape, intercept, type Module } from "@pellucid/core-train";
import { concat, mul, ones, reshape, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { type EdgeList, edgesOf } from "../graph/edge-list.ts";
import { gatherRows } from "./gather-rows.ts";
import { Messages } from "./messages.ts";

/**
 * Runs `body` while in each layer of `model` the messages along edge `e` of a graph are multiplied by `mask[e]`. Messages along edges that
 * the graph has not, as the self-loops that layers add, stay as they are. The gradient at `mask` says how much each edge counts.
 *
 * ```ts
 * const score = maskEdges(model, graph.edgeIndex, mask, () => model.forward(graph));
 * ```
 *
 * @param edgeIndex of the graph that `body` gives to the model
 * @param mask `[edge]`
 * @throws {ShapeError} If there is not one number for each edge.
 */
export function maskEdges<T>(model: Module, edgeIndex: Tensor2D, mask: Tensor1D, body: () => T): T {
  checkArguments("maskEdges", { module: { model }, tensor: { edgeIndex, mask }, function: { body } });
  const edges = edgesOf(edgeIndex, "maskEdges");
  checkShape("maskEdges", "mask", mask, [edges.length]);
  const layers = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof Messages ? [module] : [],
  );
  const masked = layers.reduceRight<() => T>(
    (inner, layer) => () =>
      intercept(
        layer,
        ({ messages, edgeIndex: own }) => {
          const from = matchEdges(edgesOf(own), edges);
          const scaled = tidy(() => {
            const factors = gatherRows(concat([mask, ones<Tensor1D["rankType"]>([1])]), from);
            return mul(messages, reshape(factors, [from.length, ...messages.shape.slice(1).map(() => 1)]));
          });
          return { messages: scaled, edgeIndex: own };
        },
        inner,
      ),
    body,
  );
  return masked();
}

/** For each edge of a layer, which edge of the graph it is; one more than the last for those that the graph has not. */
export function matchEdges(own: EdgeList, edges: EdgeList): Int32Array {
  if (own === edges) return own.derive("itself", () => Int32Array.from({ length: own.length }, (_, e) => e));
  const named = new Map<string, number[]>();
  for (let e = edges.length - 1; e >= 0; e--) {
    const ends = `${edges.source[e]} ${edges.target[e]}`;
    const list = named.get(ends);
    if (list === undefined) named.set(ends, [e]);
    else list.push(e);
  }
  return Int32Array.from(
    own.source,
    (source, e) => named.get(`${source} ${own.target[e]}`)?.pop() ?? edges.length,
  );
}
