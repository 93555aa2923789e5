/** The numbers of all parameters, one after the other. */
export type FlatVector = Float32Array<ArrayBuffer>;

/** `a · b`, summed in 64 bits. */
export function dot(a: FlatVector, b: FlatVector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
}

/** `x + factor · direction` */
export function along(x: FlatVector, factor: number, direction: FlatVector): FlatVector {
  const result = x.slice();
  move(result, factor, direction);
  return result;
}

/** Adds `factor · direction` to `x`. */
export function move(x: FlatVector, factor: number, direction: FlatVector): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? NaN) + factor * (direction[i] ?? NaN);
}

/** `factor · x` */
export function scaled(factor: number, x: FlatVector): FlatVector {
  const result = x.slice();
  for (let i = 0; i < x.length; i++) result[i] = factor * (x[i] ?? NaN);
  return result;
}

/** The largest absolute value. */
export function largest(x: FlatVector): number {
  let most = 0;
  for (const value of x) {
    if (Number.isNaN(value)) return NaN;
    most = Math.max(most, Math.abs(value));
  }
  return most;
}

/** The sum of absolute values. */
export function sumOfSizes(x: FlatVector): number {
  let sum = 0;
  for (const value of x) sum += Math.abs(value);
  return sum;
}
