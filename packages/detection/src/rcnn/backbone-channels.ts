import { type Backbone, OptionError } from "@pellucid/core-train";

/**
 * The number of channels that all maps of a backbone have.
 *
 * @throws OptionError where they differ or there are none
 */
export function backboneChannels(caller: string, backbone: Backbone): number {
  const channels = backbone.maps.map((map) => map.channels);
  const [first] = channels;
  if (first !== undefined && channels.every((own) => own === first)) return first;
  throw new OptionError(
    caller,
    "the backbone's channels",
    `[${channels.join(", ")}]`,
    "the same in all maps, as BackboneWithFPN makes them",
  );
}
