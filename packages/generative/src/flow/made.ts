import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { MaskedLinear } from "./masked-linear.ts";

/** Options for {@link Made}. */
export interface MadeOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Units of the hidden layers. Default: [64, 64]. */
  readonly hiddenSizes?: readonly number[];
  /** How many numbers it returns for each feature. Default: 2. */
  readonly outputs?: number;
}

/**
 * Linear layers with ReLU, masked so that what is returned for feature `i` depends on the features before it only.
 * Germain et al., 2015. https://arxiv.org/abs/1502.03509. Hidden units depend on the first 1, 2, …, `features − 1`, in turn.
 */
export class Made extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly features: number;
  readonly layers: readonly MaskedLinear[];

  constructor(features: number, options: MadeOptions) {
    super();
    checkRng("Made", options);
    checkOptions("Made", options, ["rng", "hiddenSizes", "outputs"]);
    const { rng, hiddenSizes = [64, 64], outputs = 2 } = options;
    checkSizes("Made", { features, outputs });
    for (const [i, size] of hiddenSizes.entries()) checkSizes("Made", { [`hiddenSizes[${i}]`]: size });
    const inputs = Array.from({ length: features }, (_, i) => i + 1);
    const hidden = hiddenSizes.map((size) =>
      Array.from({ length: size }, (_, i) => (i % Math.max(features - 1, 1)) + 1),
    );
    const below = [inputs, ...hidden];
    const last = Array.from({ length: outputs }, () => inputs).flat();
    this.features = features;
    this.layers = [...hidden, last].map((degrees, i) => {
      const isLast = i === hidden.length;
      const mask = (below[i] as number[]).map((from) =>
        degrees.map((to) => (isLast ? to > from : to >= from)),
      );
      return new MaskedLinear(mask, { rng });
    });
  }

  /**
   * @param x `[batch, feature]`
   * @returns `[batch, output · feature]`, all features of the first output first
   */
  forward(x: Tensor2D): Tensor2D {
    checkShape("Made", "x", x, ["batch", this.features]);
    return tidy(() => this.layers.reduce((h, layer, i) => layer.forward(i === 0 ? h : relu(h)), x));
  }
}
