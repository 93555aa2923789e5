/** One number of 32 bits, and its bits as an integer. */
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The largest number of 32 bits that is at most `x`. */
export function roundDown(x: number): number {
  const near = Math.fround(x);
  return near > x ? neighbor(near, -1) : near;
}

/** The smallest number of 32 bits that is at least `x`. */
export function roundUp(x: number): number {
  const near = Math.fround(x);
  return near < x ? neighbor(near, 1) : near;
}

/**
 * The next number of 32 bits up or down. Those of one sign are in the order of their bits read as an integer, so that the next one away from 0 is one
 * more; next to 0 is the smallest number, 2⁻¹⁴⁹.
 */
function neighbor(x: number, direction: 1 | -1): number {
  if (x === 0) return direction * 2 ** -149;
  float[0] = x;
  bits[0] = (bits[0] ?? NaN) + (x > 0 === direction > 0 ? 1 : -1);
  return float[0];
}
