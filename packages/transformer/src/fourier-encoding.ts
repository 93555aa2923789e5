import { checkShape, OptionError } from "@pellucid/core-train";
import { concat, cos, mul, sin, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link fourierEncoding}. */
export interface FourierEncodingOptions {
  /** Whether the coordinates themselves come first. Default: false. */
  readonly includeInput?: boolean;
}

/**
 * Encodes coordinates as sines and cosines of doubling frequency, so that a network can distinguish close coordinates:
 *
 *     γ(p) = (sin 2⁰πp, cos 2⁰πp, …, sin 2^(L−1)πp, cos 2^(L−1)πp)
 *
 * Mildenhall et al., 2020, eq. 4. NeRF. https://arxiv.org/abs/2003.08934
 *
 * @param x `[..., coordinate]`, ideally from −1 to 1
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
    throw new OptionError("fourierEncoding", "frequencies", frequencies, "an integer above 0");
  return tidy(() => {
    const waves = Array.from({ length: frequencies }, (_, k) => {
      const angle = mul(x, 2 ** k * Math.PI);
      return [sin(angle), cos(angle)];
    }).flat();
    return concat<Tensor>(includeInput ? [x, ...waves] : waves, x.rank - 1);
  }) as X;
}
