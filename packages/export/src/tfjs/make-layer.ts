import { freeze } from "@pellucid/core-train";
import { convolutionLayers } from "./convolution-layers.ts";
import { denseLayers } from "./dense-layers.ts";
import type { LayerSource, MadeLayer } from "./made-layer.ts";
import { mergeLayers } from "./merge-layers.ts";
import { nestedModel } from "./nested-model.ts";
import { normLayers } from "./norm-layers.ts";
import { poolingLayers } from "./pooling-layers.ts";
import { recurrentLayers } from "./recurrent-layers.ts";
import { timeDistributed } from "./time-distributed.ts";

/** Every layer that can be imported, by the name of its class in tfjs. */
const layers: ReadonlyMap<string, (source: LayerSource) => MadeLayer> = new Map(
  Object.entries({
    ...denseLayers,
    ...convolutionLayers,
    ...poolingLayers,
    ...normLayers,
    ...recurrentLayers,
    ...mergeLayers,
    Functional: nestedModel,
    Model: nestedModel,
    Sequential: nestedModel,
    TimeDistributed: (source: LayerSource) => timeDistributed(source, makeLayer),
  }),
);

/** Makes a layer from its configuration and its weights. */
export function makeLayer(source: LayerSource): MadeLayer {
  const { config } = source;
  const make = layers.get(config.type);
  if (make === undefined)
    throw config.error(
      `this class cannot be imported. Those that can: ${[...layers.keys()].toSorted().join(", ")}.`,
    );
  const made = make(source);
  if (!config.boolean("trainable", true) && made.module !== null) freeze(made.module);
  return made;
}
