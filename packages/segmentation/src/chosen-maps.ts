import type { Backbone, FeatureMapInfo } from "@pellucid/core-train";
import { backboneMap } from "./backbone-map.ts";
import type { OnBackboneOptions } from "./on-backbone.ts";

/** The maps of a backbone that the two heads take. */
export interface ChosenMaps {
  readonly out: FeatureMapInfo;
  readonly aux: FeatureMapInfo | null;
}

/** Chooses them by the names that are asked for, or by torchvision's. */
export function chosenMaps(caller: string, backbone: Backbone, options: OnBackboneOptions): ChosenMaps {
  const { outMap, auxMap } = options;
  const out = backboneMap(caller, "outMap", backbone, outMap, "out");
  const hasAux = auxMap !== undefined || backbone.maps.some(({ name }) => name === "aux");
  return { out, aux: hasAux ? backboneMap(caller, "auxMap", backbone, auxMap, "aux") : null };
}
