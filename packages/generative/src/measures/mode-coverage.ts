import { checkPositive } from "@pellucid/core-train";
import { type Features, squaredDistance, twoFeatureRows } from "./feature-rows.ts";

/** Which modes of the real distribution samples reach. */
export interface ModeCoverage {
  /** The number of samples at each mode. */
  readonly counts: readonly number[];
  /** The number of modes with a sample. */
  readonly covered: number;
  /** The share of samples that are at a mode. */
  readonly share: number;
}

/**
 * Counts the samples within `radius` of each mode, such as four standard deviations of a mixture of normal distributions. A sample counts at its nearest mode.
 *
 * @param samples `[sample, feature]`
 * @param modes `[mode, feature]`
 */
export async function modeCoverage(
  samples: Features,
  modes: Features,
  radius: number,
): Promise<ModeCoverage> {
  checkPositive("modeCoverage", { radius });
  const [centers, rows] = await twoFeatureRows("modeCoverage", modes, samples, 1);
  const counts = centers.map(() => 0);
  for (const row of rows) {
    const distances = centers.map((center) => squaredDistance(row, center));
    const nearest = Math.min(...distances);
    const mode = distances.indexOf(nearest);
    if (nearest <= radius ** 2) counts[mode] = (counts[mode] ?? NaN) + 1;
  }
  const reached = counts.reduce((total, count) => total + count, 0);
  return { counts, covered: counts.filter((count) => count > 0).length, share: reached / rows.length };
}
