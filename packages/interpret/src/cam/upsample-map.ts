import { checkArguments, checkShape, interpolate } from "@pellucid/core-train";
import { expandDims, squeeze, type Tensor, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/**
 * A map resized to the picture it lies over: a step of display, not of the explanation.
 *
 * @param map `[batch, height, width]`
 * @param mode `"nearest"` keeps the layer's resolution visible, `"bilinear"` looks smoother than the layer's map is. Default: `"bilinear"`.
 * @returns `[batch, height, width]`
 */
export function upsampleMap(
  map: Tensor,
  size: readonly [height: number, width: number],
  mode: "nearest" | "bilinear" = "bilinear",
): Tensor3D {
  checkArguments("upsampleMap", { numbers: { size } });
  checkShape("upsampleMap", "map", map, ["batch", "height", "width"]);
  return tidy(() => squeeze(interpolate(expandDims(map, 3) as Tensor4D, { size: [...size], mode }), [3]));
}
