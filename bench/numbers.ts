/** `size` numbers between −scale and scale, the same for everyone who asks with the same seed. */
export function numbers(seed: number, size: number, scale = 1): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
}
