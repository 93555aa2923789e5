import { calculateGain, type Nonlinearity } from "./calculate-gain.ts";
import { fans } from "./fans.ts";

/** What {@link kaimingUniform} and {@link kaimingNormal} keep in scale. */
export interface KaimingOptions {
  /** The negative slope of the `leakyRelu` that follows. Default: 0. */
  readonly a?: number;
  /** Keep the scale of what goes forward (`"fanIn"`) or of what comes back (`"fanOut"`). Default: `"fanIn"`. */
  readonly mode?: "fanIn" | "fanOut";
  /** What follows the layer. Default: `"leakyRelu"`. */
  readonly nonlinearity?: Nonlinearity;
}

/** `gain / √fan`: He et al., 2015, eq. 14. https://arxiv.org/abs/1502.01852 */
export function kaimingStd(shape: readonly number[], options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(shape)[mode]);
}
