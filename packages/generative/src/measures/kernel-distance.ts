import { type FeatureRows, type Features, twoFeatureRows } from "./feature-rows.ts";

/** A {@link kernelDistance} with the number of examples of each kind. */
export interface KernelDistance {
  readonly distance: number;
  readonly realCount: number;
  readonly generatedCount: number;
}

/**
 * The squared maximum mean discrepancy of two sets of features with the kernel `(x · y / d + 1)³`: KID, where the features are those of the Inception net.
 * The estimate has no bias, so its mean does not depend on the number of examples, and it may be below 0.
 *
 * Bińkowski et al., 2018. https://arxiv.org/abs/1801.01401
 *
 * @throws {DataError} For fewer than two examples, or features that differ in number or are not finite.
 */
export async function kernelDistance(real: Features, generated: Features): Promise<KernelDistance> {
  const [a, b] = await twoFeatureRows("kernelDistance", real, generated, 2);
  const distance = withinSet(a) + withinSet(b) - 2 * between(a, b);
  return { distance, realCount: a.length, generatedCount: b.length };
}

function kernel(x: Float64Array, y: Float64Array): number {
  let dot = 0;
  for (let k = 0; k < x.length; k++) dot += (x[k] ?? NaN) * (y[k] ?? NaN);
  return (dot / x.length + 1) ** 3;
}

/** The mean over pairs of different rows. */
function withinSet(rows: FeatureRows): number {
  let total = 0;
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++) total += kernel(rows[i] as Float64Array, rows[j] as Float64Array);
  return (2 * total) / (rows.length * (rows.length - 1));
}

function between(a: FeatureRows, b: FeatureRows): number {
  let total = 0;
  for (const x of a) for (const y of b) total += kernel(x, y);
  return total / (a.length * b.length);
}
