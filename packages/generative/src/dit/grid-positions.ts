import type { HostTensor } from "@pellucid/core-train";

/**
 * Sines and cosines of the column of each patch in the first half of the features, of its row in the second.
 *
 * @param features a multiple of 4
 * @returns `[1, side², features]`
 */
export function gridPositions(features: number, side: number): HostTensor<Float32Array> {
  const data = new Float32Array(side * side * features);
  const quarter = features / 4;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      for (const [half, position] of [column, row].entries())
        for (let i = 0; i < quarter; i++) {
          const angle = position * 10_000 ** (-i / quarter);
          const at = (row * side + column) * features + half * 2 * quarter + i;
          data[at] = Math.sin(angle);
          data[at + quarter] = Math.cos(angle);
        }
  return { data, shape: [1, side * side, features] };
}
