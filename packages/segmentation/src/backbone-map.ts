import { type Backbone, checkSizes, type FeatureMapInfo, OptionError } from "@pellucid/core-train";

/**
 * The map of a backbone that has a name.
 *
 * @param usual the name to look for if none is given; if the backbone does not have it either, its last map is taken
 */
export function backboneMap(
  caller: string,
  option: string,
  backbone: Backbone,
  name: string | undefined,
  usual: string,
): FeatureMapInfo {
  const { maps = [] } = (backbone ?? {}) as Partial<Backbone>;
  const named = maps.find((map) => map.name === (name ?? usual));
  const found = named ?? (name === undefined ? maps.at(-1) : undefined);
  if (found !== undefined) {
    checkSizes(caller, { [`channels of the map ${found.name}`]: found.channels });
    return found;
  }
  const names = maps.map((map) => map.name).join(", ");
  throw new OptionError(caller, option, `"${name ?? usual}"`, `the name of a map of the backbone: ${names}`);
}
