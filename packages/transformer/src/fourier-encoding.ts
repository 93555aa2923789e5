import { checkShape, OptionError } from "@pellucid/core-train";
import { concat, cos, mul, sin, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** How numbers are encoded. */
export interface FourierEncodingOptions {
  /** Whether the numbers themselves come first. Default: false. */
  readonly includeInput?: boolean;
}

/**
 * Numbers as waves of doubling frequency, so that a network can tell near ones apart:
 *
 *     γ(p) = (sin 2⁰πp, cos 2⁰πp, …, sin 2^(L−1)πp, cos 2^(L−1)πp)
 *
 * Mildenhall et al., 2020, eq. 4. NeRF. https://arxiv.org/abs/2003.08934
 *
 * @param x `[..., coordinate]`, best within −1 to 1
 * @param frequencies `L`
 * @returns `[..., 2 L · coordinate]`: the sines of all coordinates, their cosines, those of the next frequency, …
 */
export function fourierEncoding<X extends Tensor>(
  x: X,
  frequencies: number,
  { includeInput = false }: FourierEncodingOptions = {},
): X {
  checkShape("fourierEncoding", "x", x, ["...", "coordinate"]);
  if (!Number.isInteger(frequencies) || frequencies < 1)
    throw new OptionError("fourierEncoding", "frequencies", frequencies, "a whole number above 0");
  return tidy(() => {
    const waves = Array.from({ length: frequencies }, (_, k) => {
      const angle = mul(x, 2 ** k * Math.PI);
      return [sin(angle), cos(angle)];
    }).flat();
    return concat<Tensor>(includeInput ? [x, ...waves] : waves, x.rank - 1);
  }) as X;
}
