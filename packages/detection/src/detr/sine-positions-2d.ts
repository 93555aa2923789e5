import { checkOptions, checkPositive, checkSizes, type HostTensor } from "@pellucid/core-train";
import type { Size2d } from "../anchors/box-array.ts";

const { fround } = Math;

/** Options for {@link sinePositions2d}. */
export interface SinePositions2dOptions {
  /** The largest wavelength, in units of 2π. Default: 10000. */
  readonly temperature?: number;
}

/**
 * The positions of an image's feature map as sines and cosines, DETR's: the first half of the features for `y`, the second for `x`, each from 0 to 2π over what is not padding.
 *
 * Carion et al., 2020. DETR, appendix A.4. https://arxiv.org/abs/2005.12872
 *
 * @param map the size of the feature map
 * @param valid the part of it that is not padding
 * @param features of a position
 * @returns `[height · width, feature]`
 */
export function sinePositions2d(
  map: Size2d,
  valid: Size2d,
  features: number,
  options: SinePositions2dOptions = {},
): HostTensor<Float32Array> {
  checkOptions("sinePositions2d", options, ["temperature"]);
  const { temperature = 10_000 } = options;
  checkSizes("sinePositions2d", { features });
  checkPositive("sinePositions2d", { temperature });
  const half = features / 2;
  const [height, width] = map;
  const wavelengths = Array.from({ length: half }, (_, k) =>
    fround(temperature ** ((2 * Math.floor(k / 2)) / half)),
  );
  const angle = (index: number, size: number): number =>
    fround(fround(Math.min(index + 1, size) / fround(size + 1e-6)) * fround(2 * Math.PI));
  const waves = (at: number): number[] =>
    wavelengths.map((length, k) =>
      k % 2 === 0 ? Math.sin(fround(at / length)) : Math.cos(fround(at / length)),
    );
  const data = new Float32Array(height * width * features);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isValid = x < valid[1] && y < valid[0];
      const [down, across] = isValid
        ? [angle(y, valid[0]), angle(x, valid[1])]
        : [paddedAngle(y, x, valid, 0), paddedAngle(y, x, valid, 1)];
      data.set([...waves(down), ...waves(across)], (y * width + x) * features);
    }
  return { data, shape: [height * width, features] };
}

/** In the padding the count of valid positions stands still, and is 0 where the whole row or column is padding. */
function paddedAngle(y: number, x: number, valid: Size2d, axis: 0 | 1): number {
  const isOutside = axis === 0 ? x >= valid[1] : y >= valid[0];
  if (isOutside) return 0;
  const size = valid[axis];
  return fround(fround(size / fround(size + 1e-6)) * fround(2 * Math.PI));
}
