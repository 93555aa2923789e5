import { checkArguments, checkOptions, checkShape, type Layer, type Structured } from "@pellucid/core-train";
import {
  mul,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";
import { checkIndex } from "./node-score.ts";

/** Options for {@link edgeScore}. */
export interface EdgeScoreOptions {
  /** The score of a pair of nodes from their embeddings, `[1, feature]` each, to `[1]`. Default: the inner product. */
  readonly decode?: (source: Tensor2D, target: Tensor2D) => Tensor;
}

/**
 * How strongly a model predicts an edge between two nodes, `[1]`: what {@link nodeScore} is for nodes.
 *
 * @param model from a graph to embeddings `[node, feature]`
 */
export function edgeScore<G extends Structured<G>>(
  model: Layer<G, Tensor>,
  input: readonly [source: number, target: number],
  options: EdgeScoreOptions = {},
): Score<G> {
  checkArguments("edgeScore", { "{ forward }": { model }, numbers: { input } });
  checkOptions("edgeScore", options, ["decode"]);
  const [source, target] = input;
  const { decode = (a, b) => sum(mul(a, b), 1) } = options;
  return (graph) =>
    tidy(() => {
      const embeddings = model.forward(graph) as Tensor2D;
      checkShape("edgeScore", "the model's output", embeddings, ["node", "feature"]);
      const [nodes, features] = embeddings.shape;
      checkIndex("edgeScore", "source", source, nodes);
      checkIndex("edgeScore", "target", target, nodes);
      const row = (node: number) => slice(embeddings, [node, 0], [1, features]);
      return reshape(decode(row(source), row(target)), [1]) as Tensor1D;
    });
}
