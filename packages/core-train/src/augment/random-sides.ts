import type { Rng } from "../rng/rng.ts";
import { drawUniform } from "./draw-number.ts";
import { roundHalfEven } from "../round-half-even.ts";

/** A rising pair of numbers. */
export type Interval = readonly [low: number, high: number];

/**
 * The sides of a rectangle of random area and proportion, `longer` by `shorter` if the proportion is above 1.
 *
 * @param area of what it is a part of
 * @param scale what part of the area
 * @param ratio the proportion of its sides; even on a logarithmic scale
 */
export function randomSides(
  area: number,
  scale: Interval,
  ratio: Interval,
  rng: Rng,
): readonly [longer: number, shorter: number] {
  const part = area * drawUniform(scale, rng);
  // PyTorch takes the logarithm and its inverse in 32 bits.
  const [low, high] = ratio.map((side) => Math.fround(Math.log(Math.fround(side)))) as [number, number];
  const proportion = Math.fround(Math.exp(drawUniform([low, high], rng)));
  return [roundHalfEven(Math.sqrt(part * proportion)), roundHalfEven(Math.sqrt(part / proportion))];
}
