import type { Initializer } from "./initializer.ts";
import { type KaimingOptions, kaimingStd, checkKaiming } from "./kaiming-std.ts";

/**
 * Uniform numbers within `± gain · √(3 / fan)`, as `torch.nn.init.kaiming_uniform_`.
 * He et al., 2015. https://arxiv.org/abs/1502.01852
 *
 * With `{ a: Math.sqrt(5) }`, the bound is `1 / √fanIn`: how PyTorch starts linear and convolution layers.
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  checkKaiming("kaimingUniform", options);
  return (shape, rng) => {
    const std = kaimingStd(shape, options);
    const bound = Math.sqrt(3) * std;
    return rng.uniform(shape, -bound, bound);
  };
}
