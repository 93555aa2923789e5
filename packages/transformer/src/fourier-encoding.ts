import { checkOptions, checkShape, checkSizes, OptionError } from "@pellucid/core-train";
import { concat, cos, mul, sin, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link fourierEncoding}. */
export interface FourierEncodingOptions {
  /** Whether the coordinates themselves come first. Default: false. */
  readonly includeInput?: boolean;
}

/** `2^127` is the largest power of 2 in 32 bits. */
const MOST_FREQUENCIES = 126;

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
 * @throws {ShapeError} Without an axis of coordinates.
 * @throws {OptionError} Unless `frequencies` is an integer from 1 to 126.
 */
export function fourierEncoding<X extends Tensor>(
  x: X,
  frequencies: number,
  options: FourierEncodingOptions = {},
): X {
  checkOptions("fourierEncoding", options, ["includeInput"]);
  checkShape("fourierEncoding", "x", x, ["...", "coordinate"]);
  checkSizes("fourierEncoding", { frequencies });
  if (frequencies > MOST_FREQUENCIES)
    throw new OptionError(
      "fourierEncoding",
      "frequencies",
      frequencies,
      `at most ${MOST_FREQUENCIES}, whose factor float32 holds`,
    );
  const { includeInput = false } = options;
  return tidy(() => {
    const waves = Array.from({ length: frequencies }, (_, k) => {
      const angle = mul(x, 2 ** k * Math.PI);
      return [sin(angle), cos(angle)];
    }).flat();
    return concat<Tensor>(includeInput ? [x, ...waves] : waves, x.rank - 1);
  }) as X;
}
