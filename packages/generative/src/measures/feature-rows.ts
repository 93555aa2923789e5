import { checkArguments, checkShape, DataError } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** Features of examples, one row each: a tensor `[example, feature]`, or the rows in 64 bits. */
export type Features = Tensor2D | readonly ArrayLike<number>[];

/** The rows of features. */
export type FeatureRows = readonly Float64Array[];

/**
 * Reads features to the host. The same rows can be given to several measures.
 *
 * @throws {StructError} For what is neither a tensor nor an array of rows of numbers.
 * @throws {DataError} For fewer than `least` rows, rows of different lengths, or a value that is not finite.
 */
export async function featureRows(
  caller: string,
  name: string,
  features: Features,
  least: number,
): Promise<FeatureRows> {
  const given: unknown = features;
  const isTensor = typeof given === "object" && given !== null && "dataId" in given;
  if (!isTensor) checkArguments(caller, { "numbers[]": { [name]: features } });
  const rows =
    "dataId" in features ? await read(caller, name, features) : features.map((row) => Float64Array.from(row));
  const width = rows[0]?.length ?? 0;
  if (rows.length < least || width === 0)
    throw new DataError(
      `${caller}: ${name} has ${rows.length} rows of ${width} features, expected ${least} rows or more.`,
    );
  for (const [i, row] of rows.entries()) {
    if (row.length !== width)
      throw new DataError(
        `${caller}: row ${i} of ${name} has ${row.length} features, expected ${width} as row 0.`,
      );
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong !== -1)
      throw new DataError(
        `${caller}: feature ${wrong} of row ${i} of ${name} is ${row[wrong]}, expected a finite number.`,
      );
  }
  return rows;
}

/** Reads two sets of features, which must have the same features. */
export async function twoFeatureRows(
  caller: string,
  real: Features,
  generated: Features,
  least: number,
): Promise<readonly [real: FeatureRows, generated: FeatureRows]> {
  const [a, b] = [
    await featureRows(caller, "real", real, least),
    await featureRows(caller, "generated", generated, least),
  ];
  const [wanted, found] = [(a[0] as Float64Array).length, (b[0] as Float64Array).length];
  if (wanted === found) return [a, b];
  throw new DataError(`${caller}: generated has ${found} features, expected ${wanted} as real.`);
}

async function read(caller: string, name: string, features: Tensor2D): Promise<Float64Array[]> {
  checkShape(caller, name, features, ["example", "feature"]);
  const [rows, width] = features.shape;
  const data = await features.data();
  return Array.from({ length: rows }, (_, i) => Float64Array.from(data.subarray(i * width, (i + 1) * width)));
}

/** The squared distance of two rows. */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += ((a[k] ?? NaN) - (b[k] ?? NaN)) ** 2;
  return total;
}
