/** The axes that turn PyTorch's filters into ours: `[a, b, ...kernel]` -> `[...kernel, b, a]`. */
export function filterAxes(spatial: number): number[] {
  return [...Array.from({ length: spatial }, (_, i) => i + 2), 1, 0];
}
