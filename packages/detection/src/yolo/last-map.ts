import { type Backbone, type FeatureMapInfo, OptionError } from "@pellucid/core-train";

/** The coarsest map of a backbone. */
export function lastMap(caller: string, backbone: Backbone): FeatureMapInfo {
  const map = backbone?.maps?.at(-1);
  if (map === undefined)
    throw new OptionError(caller, "backbone", "without maps", "a Backbone with at least one of `maps`");
  return map;
}
