/** Shows every other feature: the even ones at even layers, the odd ones at odd layers. */
export function alternatingMask(features: number, layer: number): number[] {
  return Array.from({ length: features }, (_, i) => (i + layer + 1) % 2);
}
