import {
  type AnyLayer,
  type Layer,
  Linear,
  type Module,
  type ReLU,
  type Rng,
  Sequential,
  type Tanh,
} from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** A module from vectors to vectors. */
export type VectorModule = Module & Layer<Tensor2D, Tensor2D>;

/** Options for {@link mlp}. */
export interface MlpOptions {
  readonly rng: Rng;
  /** Between the layers. */
  readonly activation: typeof ReLU | typeof Tanh;
  /** Makes a layer. Default: {@link Linear} with PyTorch's initial weights. */
  readonly layer?: (inFeatures: number, outFeatures: number, isLast: boolean) => VectorModule | Linear;
}

/** Linear layers with activations between them: `Sequential(Linear, ReLU, Linear, …)`. */
export function mlp(
  sizes: readonly number[],
  { rng, activation: Activation, layer }: MlpOptions,
): VectorModule {
  const last = sizes.length - 2;
  const create = layer ?? ((from: number, to: number) => new Linear(from, to, { rng }));
  const layers: AnyLayer[] = [];
  for (let i = 0; i <= last; i++) {
    layers.push(create(sizes[i] ?? NaN, sizes[i + 1] ?? NaN, i === last));
    if (i < last) layers.push(new Activation());
  }
  return new Sequential(...layers) as VectorModule;
}
