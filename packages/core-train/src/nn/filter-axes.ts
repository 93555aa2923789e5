/** The permutation of axes from PyTorch's filters to ours: `[a, b, ...kernel]` -> `[...kernel, b, a]`. */
export function filterAxes(spatial: number): number[] {
  return [...Array.from({ length: spatial }, (_, i) => i + 2), 1, 0];
}
