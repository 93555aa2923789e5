import type { FeatureMaps } from "@pellucid/core-train";
import { concat, type Rank, reshape, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";

/**
 * Predicts the same numbers of every anchor of all maps: `[batch, anchor, column]`, in rows of each map, the anchors of a position together. To be called in a `tidy`.
 *
 * @param predict `[batch, height, width, anchor · column]` of a map
 */
export function predictionsOfMaps(
  features: FeatureMaps,
  columns: number,
  predict: (map: Tensor4D, level: number) => Tensor4D,
): Tensor3D {
  const maps = Object.values(features).map((map, level) =>
    reshape<Rank.R3>(predict(map, level), [map.shape[0], -1, columns]),
  );
  return concat(maps, 1);
}
