/** The direction along which rows vary most, and where each of them lies on it. */
export interface PrincipalComponent {
  readonly direction: Float64Array;
  readonly projections: Float32Array;
}

/** Of rows `[row, column]`, centered, by squaring their covariance's power: 64 bits, the same twice. */
export function firstPrincipalComponent(rows: ArrayLike<number>, columns: number): PrincipalComponent {
  const count = rows.length / columns;
  const means = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++)
    means[i % columns] = (means[i % columns] ?? NaN) + (rows[i] ?? NaN) / count;
  const centered = Float64Array.from(rows, (value, i) => value - (means[i % columns] ?? NaN));
  const covariance = new Float64Array(columns * columns);
  for (let r = 0; r < count; r++) {
    for (let a = 0; a < columns; a++) {
      const at = centered[r * columns + a] ?? NaN;
      if (at === 0) continue;
      for (let b = 0; b < columns; b++) {
        covariance[a * columns + b] =
          (covariance[a * columns + b] ?? NaN) + at * (centered[r * columns + b] ?? NaN);
      }
    }
  }
  // the column with the largest variance has a part in the first component
  let widest = 0;
  for (let c = 1; c < columns; c++) {
    if ((covariance[c * columns + c] ?? NaN) > (covariance[widest * columns + widest] ?? NaN)) widest = c;
  }
  let direction: Float64Array = Float64Array.from(
    { length: columns },
    (_, c) => covariance[widest * columns + c] ?? NaN,
  );
  for (let round = 0; round < 1000; round++) {
    const next = normalized(multiply(covariance, normalized(direction)));
    const moved = next.reduce((sum, v, c) => sum + (v - (direction[c] ?? NaN)) ** 2, 0);
    direction = next;
    if (moved < 1e-24) break;
  }
  const projections = new Float32Array(count);
  for (let r = 0; r < count; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += (centered[r * columns + c] ?? NaN) * (direction[c] ?? NaN);
    projections[r] = sum;
  }
  return { direction, projections };
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let c = 0; c < size; c++) sum += (matrix[row * size + c] ?? NaN) * (vector[c] ?? NaN);
    return sum;
  });
}

function normalized(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
  return length === 0 ? vector : vector.map((v) => v / length);
}
