import { permute } from "../host-tensor.ts";
import type { Rng } from "../rng/rng.ts";
import type { Augmentation } from "./augmentation.ts";
import { drawBoolean, drawInteger } from "./draw-number.ts";
import { checkProbability, checkRange } from "./check-option.ts";
import { eraseImage } from "./erase-image.ts";
import { type ImageFill, fillOf } from "./fill.ts";
import { type Image, sizesOf } from "./image.ts";
import { randomSides, type Interval } from "./random-sides.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomErasing}. */
export interface RandomErasingOptions {
  /** How often. Default: 0.5. */
  readonly p?: number;
  /** What part of the image's area is erased. Default: 0.02 to 0.33. */
  readonly scale?: Interval;
  /** Its height by its width. Default: 0.3 to 3.3. */
  readonly ratio?: Interval;
  /** What is there instead: a color, or `"random"` for normal noise. Default: 0. */
  readonly value?: ImageFill | "random";
}

/**
 * Erases a random rectangle of some images, torchvision's `RandomErasing`.
 * Zhong et al., 2017, algorithm 1. https://arxiv.org/abs/1708.04896
 */
export function randomErasing(options: RandomErasingOptions = {}): Augmentation {
  checkOptions("randomErasing", options, ["p", "scale", "ratio", "value"]);
  const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
  checkProbability("randomErasing", p);
  checkRange("randomErasing", "scale", scale, 0, 1);
  checkRange("randomErasing", "ratio", ratio, 0, Infinity);
  return (image, rng) => {
    const [rows, columns, channels] = sizesOf("randomErasing", image);
    if (value !== "random") fillOf("randomErasing", value, channels);
    if (!drawBoolean(p, rng)) return image;
    for (let attempt = 0; attempt < 10; attempt++) {
      const [height, width] = randomSides(rows * columns, scale, ratio, rng);
      if (height >= rows || width >= columns) continue;
      const noise = value === "random" ? noiseOf(height, width, channels, rng) : null;
      const top = drawInteger(0, rows - height + 1, rng);
      const left = drawInteger(0, columns - width + 1, rng);
      if (value !== "random") return eraseImage(image, { top, left, height, width }, value);
      return noise === null ? image : paste(image, noise, top, left);
    }
    return image;
  };
}

/** Drawn channel by channel, as PyTorch lays images out. */
function noiseOf(height: number, width: number, channels: number, rng: Rng): Image {
  const { data } = permute(rng.randn([channels, height, width]), [1, 2, 0]);
  return { data, shape: [height, width, channels] };
}

function paste({ data, shape }: Image, patch: Image, top: number, left: number): Image {
  const [, columns, channels] = shape;
  const [height, width] = patch.shape;
  const result = data.slice();
  for (let y = 0; y < height; y++) {
    const row = patch.data.subarray(y * width * channels, (y + 1) * width * channels);
    result.set(row, ((top + y) * columns + left) * channels);
  }
  return { data: result, shape };
}
