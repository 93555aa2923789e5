const { exp, fround, max } = Math;

/** The softmax of each row of `columns` numbers, in 32 bits. */
export function softmaxRows(logits: Float32Array, columns: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += columns) {
    const row = logits.subarray(from, from + columns);
    const highest = max(...row);
    const powers = row.map((logit) => exp(fround(logit - highest)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    result.set(
      powers.map((power) => power / total),
      from,
    );
  }
  return result;
}
