import type { Initializer } from "./initializer.ts";
import { type XavierOptions, xavierStd, checkXavier } from "./xavier-std.ts";

/**
 * Normal numbers of standard deviation `gain · √(2 / (fanIn + fanOut))`, as `torch.nn.init.xavier_normal_`.
 * Glorot and Bengio, 2010, eq. 12. https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function xavierNormal(options: XavierOptions = {}): Initializer {
  checkXavier("xavierNormal", options);
  return (shape, rng) => rng.normal(shape, 0, xavierStd(shape, options));
}
