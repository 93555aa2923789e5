import { intercept, type Layer, traceInputs, type Module } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** A layer that ran. */
export interface GraphNode {
  /** `conv1`, `layer1.0.conv2`; the second time `conv1#2`; of what went in `input`. */
  readonly path: string;
  /** Its class. A bundler that minifies gives classes names of a letter: have it keep them (esbuild's `keepNames`, Rolldown's `output.keepNames`). */
  readonly kind: string;
  /** What it put out. */
  readonly shape: readonly number[];
  /** How many numbers it learns, those that it shares counted each time. */
  readonly parameters: number;
}

/** What feeds what in a model. */
export interface ModelGraph {
  /** In the order in which they ran. */
  readonly nodes: readonly GraphNode[];
  /** From one path to another, as numbers of {@link ModelGraph.nodes}. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/**
 * Which layer feeds which, as one run shows: what lies between two layers (activations, sums, reshapes) is part of the way from one to the other, so that
 * where branches are added the next layer has several ways in. Only layers without layers in them.
 *
 * @param input what goes in; borrowed
 */
export function modelGraph<X extends Tensor>(model: Module & Layer<X, Tensor>, input: X): ModelGraph {
  const nodes: GraphNode[] = [{ path: "input", kind: "Input", shape: [...input.shape], parameters: 0 }];
  const producers = new Map<number, number>([[input.id, 0]]); // from a tensor to its layer
  const outputs: number[] = [input.id];
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
    if (to > 0) for (const from of layersBehind(id, made, producers)) edges.push([from, to]);
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
