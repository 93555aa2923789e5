/**
 * Turns vectors, in place, into orthonormal ones: the factor Q of a QR decomposition whose R has a positive diagonal, by
 * Gram and Schmidt's method in 64 bits, each vector cleared of the earlier ones twice (once is not enough where they
 * are nearly parallel).
 */
export function orthonormalize(vectors: Float64Array[]): Float64Array[] {
  for (const [i, vector] of vectors.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of vectors.slice(0, i)) subtract(vector, earlier, dot(vector, earlier));
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? NaN) / length;
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? NaN) * (b[k] ?? NaN);
  return sum;
}

function subtract(vector: Float64Array, direction: Float64Array, amount: number): void {
  for (let k = 0; k < vector.length; k++) {
    vector[k] = (vector[k] ?? NaN) - amount * (direction[k] ?? NaN);
  }
}
