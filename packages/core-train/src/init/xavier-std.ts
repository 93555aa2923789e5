import { fans } from "./fans.ts";
import { checkFinite } from "../check-values.ts";
import { checkOptions } from "../check-options.ts";

/** How far {@link xavierUniform} and {@link xavierNormal} spread. */
export interface XavierOptions {
  /** See {@link calculateGain}. Default: 1. */
  readonly gain?: number;
}

/** Throws an `OptionError` for options that no initializer of Glorot's has. */
export function checkXavier(caller: string, options: XavierOptions): void {
  checkOptions(caller, options, ["gain"]);
  checkFinite(caller, { gain: options.gain ?? 1 });
}

/** `gain · √(2 / (fanIn + fanOut))`: Glorot and Bengio, 2010, eq. 12. */
export function xavierStd(shape: readonly number[], { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}
