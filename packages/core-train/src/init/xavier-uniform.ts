import type { Initializer } from "./initializer.ts";
import { type XavierOptions, xavierStd, checkXavier } from "./xavier-std.ts";

/**
 * Uniform numbers within `± gain · √(6 / (fanIn + fanOut))`, as `torch.nn.init.xavier_uniform_`.
 * Glorot and Bengio, 2010, eq. 16. https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function xavierUniform(options: XavierOptions = {}): Initializer {
  checkXavier("xavierUniform", options);
  return (shape, rng) => {
    const bound = Math.sqrt(3) * xavierStd(shape, options);
    return rng.uniform(shape, -bound, bound);
  };
}
