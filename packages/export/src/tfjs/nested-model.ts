import { LayerGraph } from "./layer-graph.ts";
import { makeLayer } from "./make-layer.ts";
import type { LayerSource, MadeLayer } from "./made-layer.ts";
import { readTopology } from "./read-topology.ts";

const deepest = 16;

/** A model that is a layer of another one. */
export function nestedModel(source: LayerSource): MadeLayer {
  const { config, depth, own } = source;
  if (depth >= deepest) throw config.error(`it is nested in ${depth} models, expected ${deepest} at most.`);
  const graph = own(
    new LayerGraph(readTopology(config.type, config.fields), { ...source, depth: depth + 1 }, makeLayer),
  );
  return { module: graph, run: (inputs) => graph.run(inputs) };
}
