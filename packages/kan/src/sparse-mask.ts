/** Ones where a node is the nearest of one in the next layer, or the other way round, as pykan's `sparse_mask`; `[in, out]`. */
export function sparseMask(inDim: number, outDim: number): Float32Array {
  const mask = new Float32Array(inDim * outDim);
  const middle = (i: number, size: number) => (2 * i + 1) / (2 * size);
  const nearest = (at: number, size: number): number => {
    const gaps = Array.from({ length: size }, (_, i) => Math.abs(middle(i, size) - at));
    return gaps.indexOf(Math.min(...gaps));
  };
  for (let i = 0; i < inDim; i++) mask[i * outDim + nearest(middle(i, inDim), outDim)] = 1;
  for (let o = 0; o < outDim; o++) mask[nearest(middle(o, outDim), inDim) * outDim + o] = 1;
  return mask;
}
