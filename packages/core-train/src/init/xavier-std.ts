import { fans } from "./fans.ts";

/** How far {@link xavierUniform} and {@link xavierNormal} spread. */
export interface XavierOptions {
  /** See {@link calculateGain}. Default: 1. */
  readonly gain?: number;
}

/** `gain · √(2 / (fanIn + fanOut))`: Glorot and Bengio, 2010, eq. 12. */
export function xavierStd(shape: readonly number[], { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}
