import { calculateGain, type Nonlinearity, nonlinearities } from "./calculate-gain.ts";
import { fans } from "./fans.ts";
import { checkFinite, checkChoice } from "../check-values.ts";
import { checkOptions } from "../check-options.ts";

/** What {@link kaimingUniform} and {@link kaimingNormal} keep in scale. */
export interface KaimingOptions {
  /** The negative slope of the `leakyRelu` that follows. Default: 0. */
  readonly a?: number;
  /** Keep the scale of what goes forward (`"fanIn"`) or of what comes back (`"fanOut"`). Default: `"fanIn"`. */
  readonly mode?: "fanIn" | "fanOut";
  /** What follows the layer. Default: `"leakyRelu"`. */
  readonly nonlinearity?: Nonlinearity;
}

/** Throws an `OptionError` for options that no initializer of He's has. */
export function checkKaiming(caller: string, options: KaimingOptions): void {
  checkOptions(caller, options, ["a", "mode", "nonlinearity"]);
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  checkFinite(caller, { a });
  checkChoice(caller, "mode", mode, ["fanIn", "fanOut"]);
  checkChoice(caller, "nonlinearity", nonlinearity, nonlinearities);
}

/** `gain / √fan`: He et al., 2015, eq. 14. https://arxiv.org/abs/1502.01852 */
export function kaimingStd(shape: readonly number[], options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(shape)[mode]);
}
