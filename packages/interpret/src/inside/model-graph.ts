import {
  checkArguments,
  intercept,
  type Layer,
  type Module,
  type Structured,
  traceInputs,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { namedLeaves } from "../run/named-leaves.ts";

/** A layer that ran, or an input. */
export interface GraphNode {
  /** `conv1`, `layer1.0.conv2`; for its second call `conv1#2`; `input`, or of a structure `input.x` for each of its tensors. */
  readonly path: string;
  /** Its class. A bundler that minifies gives classes names of a letter: have it keep them (esbuild's `keepNames`, Rolldown's `output.keepNames`). */
  readonly kind: string;
  /** Of its output. */
  readonly shape: readonly number[];
  /** The number of its trainable values; those that layers share are counted in each. */
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
 * Which layer feeds which, as traced by one call. Ops between two layers (activations, sums, reshapes) are part of the edge between them, so
 * where branches are added the next layer has several incoming edges. Only layers without sublayers are nodes.
 *
 * @param input a tensor or a structure; borrowed
 */
export function modelGraph<X extends Structured<X>>(model: Layer<X, unknown> & Module, input: X): ModelGraph {
  checkArguments("modelGraph", { module: { model } });
  const inputs = namedLeaves(input, "input");
  const nodes: GraphNode[] = inputs.map(([path, { shape }]) => ({
    path,
    kind: "Input",
    shape: [...shape],
    parameters: 0,
  }));
  const outputs: number[] = inputs.map(([, { id }]) => id);
  const producers = new Map(outputs.map((id, node) => [id, node])); // from a tensor to its layer
  const modules = [...model.namedModules()].filter(([path]) => path !== "");
  const leaves = modules.filter(([path]) => !modules.some(([other]) => other.startsWith(`${path}.`)));
  const seen = (path: string, layer: Module) => (y: unknown) => {
    if (!isTensor(y)) return y;
    let name = path;
    for (let time = 2; nodes.some((node) => node.path === name); time++) name = `${path}#${time}`;
    const parameters = [...layer.namedParameters()].reduce((sum, [, { size }]) => sum + size, 0);
    if (!producers.has(y.id)) {
      producers.set(y.id, nodes.length);
      outputs.push(y.id);
      nodes.push({ path: name, kind: layer.constructor.name, shape: [...y.shape], parameters });
    }
    return y;
  };
  const body = leaves
    .filter(([, layer]) => "forward" in layer)
    .reduce<() => unknown>(
      (inner, [path, layer]) =>
        () =>
          intercept(layer as Module & Layer<never, unknown>, seen(path, layer), inner),
      () => model.forward(input),
    );
  const made = traceInputs(body);
  const edges: [number, number][] = [];
  outputs.forEach((id, to) => {
    if (to >= inputs.length) for (const from of layersBehind(id, made, producers)) edges.push([from, to]);
  });
  return { nodes, edges: edges.toSorted(([a, b], [c, d]) => b - d || a - c) };
}

/** The layers that a tensor comes from, without another layer between. */
function layersBehind(
  id: number,
  made: ReadonlyMap<number, readonly number[]>,
  producers: ReadonlyMap<number, number>,
): number[] {
  const found = new Set<number>();
  const visited = new Set<number>();
  const waiting = [...(made.get(id) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    const layer = producers.get(next);
    if (layer === undefined) waiting.push(...(made.get(next) ?? []));
    else found.add(layer);
  }
  return [...found].toSorted((a, b) => a - b);
}

function isTensor(y: unknown): y is Tensor {
  return typeof y === "object" && y !== null && "dataId" in y;
}
