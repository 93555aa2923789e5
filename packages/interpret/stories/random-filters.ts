import { Conv2d, type Layer, relu, Rng } from "@pellucid/core-train";
import { mean, sub, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** Untrained layers, and a function that runs them. */
export interface RandomFilters {
  readonly layers: readonly Layer<Tensor4D, Tensor4D>[];
  readonly run: (x: Tensor4D) => unknown;
  readonly dispose: () => void;
}

/**
 * Random filters of four sizes: enough to distinguish textures. The larger ones respond to changes of brightness only.
 *
 * Ustyuzhaninov, Brendel, Gatys and Bethge, 2016. https://arxiv.org/abs/1606.00021
 */
export function randomFilters(): RandomFilters {
  const convolutions = [3, 5, 7, 11].map((size) => {
    const layer = new Conv2d(3, 24, size, { rng: new Rng(size), bias: false });
    if (size > 3) tidy(() => layer.weight.assign(sub(layer.weight, mean(layer.weight, [0, 1], true))));
    return layer;
  });
  const layers = convolutions.map((layer) => ({
    forward: (x: Tensor4D) => tidy(() => relu(layer.forward(x)) as Tensor4D),
  }));
  return {
    layers,
    run: (x) => layers.map((layer) => layer.forward(x)),
    dispose: () => convolutions.forEach((layer) => layer.dispose()),
  };
}
