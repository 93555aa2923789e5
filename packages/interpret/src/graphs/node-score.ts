import { checkArguments, checkShape, type Layer, OptionError, type Structured } from "@pellucid/core-train";
import { reshape, slice, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * The logit of a class at one node of a graph, `[1]`.
 *
 * @param model from a graph to logits `[node, class]`
 */
export function nodeScore<G extends Structured<G>>(
  model: Layer<G, Tensor>,
  node: number,
  target: number,
): Score<G> {
  checkArguments("nodeScore", { "{ forward }": { model } });
  return (graph) => entry("nodeScore", model, graph, ["node", node], target);
}

/**
 * The logit of a class for one graph of a batch, `[1]`.
 *
 * @param model from a batch of graphs to logits `[graph, class]`
 * @param graph which of them. Default: 0, the first.
 */
export function graphScore<G extends Structured<G>>(
  model: Layer<G, Tensor>,
  target: number,
  graph = 0,
): Score<G> {
  checkArguments("graphScore", { "{ forward }": { model } });
  return (batch) => entry("graphScore", model, batch, ["graph", graph], target);
}

function entry<G>(
  caller: string,
  model: Layer<G, Tensor>,
  graph: G,
  [name, row]: readonly [string, number],
  target: number,
): Tensor1D {
  return tidy(() => {
    const logits = model.forward(graph);
    checkShape(caller, "the model's output", logits, [name, "class"]);
    const [rows, classes] = logits.shape as [number, number];
    checkIndex(caller, name, row, rows);
    checkIndex(caller, "class", target, classes);
    return reshape(slice(logits, [row, target], [1, 1]), [1]) as Tensor1D;
  });
}

/** Throws unless there are more than `index`. */
export function checkIndex(caller: string, name: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new OptionError(caller, name, index, `an integer from 0 to ${count - 1}`);
}
