import { checkArguments, type Layer, type Module, type Structured, trace } from "@pellucid/core-train";
import { namedLeaves } from "../run/named-leaves.ts";
import { GraphWalk } from "./graph-walk.ts";

/** An input, a layer or an op that ran. */
export interface GraphNode {
  /** `conv1`, `layer1.0.conv2`; of an op that module and the op, `layer1.0.add`; for its second call `conv1#2`; `input`, or of a structure `input.x` for each of its tensors. */
  readonly path: string;
  /** What it is: a tensor that goes in, the call of a layer without layers in it, or an op between layers. */
  readonly role: "input" | "layer" | "op";
  /**
   * The layer's class, or the op's name. A bundler that minifies gives classes names of a letter: have it keep them (esbuild's `keepNames`, Rolldown's
   * `output.keepNames`).
   */
  readonly kind: string;
  /** Of its output. */
  readonly shape: readonly number[];
  /** The number of its trainable values, without those that a node before it has. */
  readonly parameters: number;
}

/** The data flow of a model. */
export interface ModelGraph {
  /** In the order in which they ran. */
  readonly nodes: readonly GraphNode[];
  /** Pairs of indices of {@link ModelGraph.nodes}. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/**
 * Which layer or op feeds which, by a `trace` of one call in inference. Nodes are the calls of the innermost modules, and the ops that run outside of them, such as the
 * addition of a skip connection or a functional activation. Ops that only change the shape or the order of axes are part of the edges; so are
 * modules that do nothing in inference, such as dropout, and what the output does not depend on.
 *
 * @param input a tensor or a structure; borrowed
 */
export function modelGraph<X extends Structured<X>>(model: Layer<X, unknown> & Module, input: X): ModelGraph {
  checkArguments("modelGraph", { module: { model } });
  const names = namedLeaves(input, "input").map(([path]) => path);
  const traced = trace(model, [input], { once: true });
  const walk = new GraphWalk(traced.values);
  traced.inputs.forEach((value, i) => walk.input(value, names[i] ?? value));
  walk.parts(traced.root.body);
  return walk.found();
}
