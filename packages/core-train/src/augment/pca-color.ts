import type { Augmentation } from "./augmentation.ts";
import type { ColorComponents } from "./color-components.ts";
import { colorSizesOf } from "./image.ts";
import { checkOptions } from "../check-options.ts";
import { checkNotNegative } from "../check-values.ts";

/** Those of ImageNet's photographs, as published with Torch's residual networks. */
const imageNet: ColorComponents = {
  values: [0.2175, 0.0188, 0.0045],
  vectors: [
    [-0.5675, -0.5808, -0.5836],
    [0.7192, -0.0045, -0.6948],
    [0.4009, -0.814, 0.4203],
  ],
};

/** Options for {@link pcaColor}. */
export interface PcaColorOptions {
  /** The deviation of how strongly each component is added. Default: 0.1. */
  readonly std?: number;
  /** Along what the colors of the dataset differ, see {@link colorComponents}. Default: ImageNet's. */
  readonly components?: ColorComponents;
}

/**
 * Adds to all pixels the same bit of the directions in which colors naturally differ, as another light would: `Σ α_i λ_i p_i`
 * with normal `α`. Not part of torchvision. Krizhevsky et al., 2012, section 4.1. https://doi.org/10.1145/3065386
 *
 * The colors are not cut off at 0 and 1.
 */
export function pcaColor(options: PcaColorOptions = {}): Augmentation {
  checkOptions("pcaColor", options, ["std", "components"]);
  const { std = 0.1, components = imageNet } = options;
  checkNotNegative("pcaColor", { std });
  const { values, vectors } = components;
  return (image, rng) => {
    const [, , channels] = colorSizesOf("pcaColor", image);
    if (channels === 1) return image;
    const strengths = rng.normal([3], 0, std).data;
    const shift = [0, 1, 2].map((c) =>
      vectors.reduce(
        (sum, vector, i) => sum + (strengths[i] ?? NaN) * (values[i] ?? NaN) * (vector[c] ?? NaN),
        0,
      ),
    );
    return { data: image.data.map((x, i) => x + (shift[i % 3] ?? NaN)), shape: image.shape };
  };
}
