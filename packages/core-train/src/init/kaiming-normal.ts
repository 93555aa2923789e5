import type { Initializer } from "./initializer.ts";
import { type KaimingOptions, kaimingStd, checkKaiming } from "./kaiming-std.ts";

/**
 * Normal numbers of standard deviation `gain / √fan`, as `torch.nn.init.kaiming_normal_`.
 * He et al., 2015. https://arxiv.org/abs/1502.01852
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  checkKaiming("kaimingNormal", options);
  return (shape, rng) => rng.normal(shape, 0, kaimingStd(shape, options));
}
