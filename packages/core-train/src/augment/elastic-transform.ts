import type { Rng } from "../rng/rng.ts";
import type { Augmentation } from "./augmentation.ts";
import { elasticImage } from "./elastic-image.ts";
import { gaussianBlur } from "./gaussian-blur.ts";
import { sizesOf } from "./image.ts";
import type { WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";
import { checkNotNegative } from "../check-values.ts";

/** Options for {@link elasticTransform}. */
export interface ElasticTransformOptions extends WarpOptions {
  /** How far pixels move. Default: 50. */
  readonly alpha?: number;
  /** How smoothly they do, in pixels; 0 for each by itself. Default: 5. */
  readonly sigma?: number;
}

/**
 * Warps the image as if it were drawn on rubber, torchvision's `ElasticTransform`; it also takes images smaller than its bell.
 * Simard et al., 2003, section 2. https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function elasticTransform(options: ElasticTransformOptions = {}): Augmentation {
  checkOptions("elasticTransform", options, ["alpha", "sigma", "interpolation", "fill"]);
  const { alpha = 50, sigma = 5, ...warpOptions } = options;
  checkNotNegative("elasticTransform", { alpha, sigma });
  return (image, rng) => {
    const [height, width] = sizesOf("elasticTransform", image);
    const right = smoothNoise(height, width, sigma, rng);
    const down = smoothNoise(height, width, sigma, rng);
    const data = new Float32Array(height * width * 2);
    for (let i = 0; i < right.length; i++) {
      data[2 * i] = ((right[i] ?? NaN) * alpha) / width;
      data[2 * i + 1] = ((down[i] ?? NaN) * alpha) / height;
    }
    return elasticImage(image, { data, shape: [height, width, 2] }, { fill: 0, ...warpOptions });
  };
}

/** Numbers from −1 to 1, blurred both ways. */
function smoothNoise(height: number, width: number, sigma: number, rng: Rng): Float32Array {
  const noise = rng.rand([height, width]).data.map((u) => u * 2 - 1);
  if (sigma === 0) return noise;
  const size = Math.trunc(8 * sigma + 1) | 1;
  return gaussianBlur(gaussianBlur(noise, height, width, 1, size, sigma), 1, height, width, size, sigma);
}
