import { checkArguments, DataError, ShapeError } from "@pellucid/core-train";

/** Points, a row of coordinates each. */
export type Points = readonly (readonly number[] | Float64Array)[];

/** Copies points in 64 bits, after a look at them. */
export function readPoints(caller: string, name: string, points: Points, columns?: number): Float64Array[] {
  checkArguments(caller, { array: { [name]: points } });
  for (const [i, point] of points.entries() as IterableIterator<[number, unknown]>)
    if (typeof point === "number")
      throw new ShapeError(
        `${caller}: ${name}[${i}] is the number ${point}, expected the coordinates of a point: [${point}].`,
      );
  const width = columns ?? points[0]?.length ?? 0;
  if (points.length === 0) throw new DataError(`${caller}: ${name} has no points, expected one at least.`);
  if (width === 0) throw new ShapeError(`${caller}: the points of ${name} have no coordinates.`);
  for (const [i, point] of points.entries()) {
    if (point.length !== width)
      throw new ShapeError(
        `${caller}: ${name}[${i}] has ${point.length} coordinates, expected ${width}, as the others.`,
      );
    if (!point.every(Number.isFinite))
      throw new DataError(`${caller}: ${name}[${i}] has a coordinate that is not finite.`);
  }
  return points.map((point) => Float64Array.from(point));
}

/** Copies one number for each point. */
export function readNumbers(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  count: number,
): Float64Array {
  if (values.length !== count)
    throw new ShapeError(
      `${caller}: ${name} has ${values.length} numbers, expected ${count}, one for each point.`,
    );
  const copy = Float64Array.from(values);
  if (!copy.every(Number.isFinite))
    throw new DataError(`${caller}: ${name} has a number that is not finite.`);
  return copy;
}

/** A matrix of an entry for each pair of indices. */
export function matrixOf(
  rows: number,
  columns: number,
  entry: (i: number, j: number) => number,
): Float64Array[] {
  return Array.from({ length: rows }, (_, i) =>
    Float64Array.from({ length: columns }, (__, j) => entry(i, j)),
  );
}

/** A symmetric matrix, each pair computed once. */
export function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array[] {
  const rows = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = entry(i, j);
      (rows[i] as Float64Array)[j] = value;
      (rows[j] as Float64Array)[i] = value;
    }
  return rows;
}

/** The sum of products. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
}
