import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";

/**
 * Shifts and scales each channel, torchvision's `Normalize`: `(x − mean) / std`. The last step of an augmentation: the others
 * expect colors from 0 to 1.
 *
 * @param mean one per channel
 * @param std one per channel
 */
export function normalize(mean: readonly number[], std: readonly number[]): (image: Image) => Image {
  return (image) => {
    const channels = sizesOf("normalize", image)[2];
    if (mean.length !== channels || std.length !== channels) {
      throw new ShapeError(
        `normalize: there are ${mean.length} means and ${std.length} deviations, expected ${channels} for image [${image.shape.join(", ")}].`,
      );
    }
    const scaled = (x: number, i: number) => (x - (mean[i % channels] ?? NaN)) / (std[i % channels] ?? NaN);
    return { data: image.data.map(scaled), shape: image.shape };
  };
}
