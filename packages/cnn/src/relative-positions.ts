import type { HostTensor } from "@pellucid/core-train";

type Axes = readonly [height: number, width: number];

/**
 * For each pair of pixels in a window the row of a table with one row for each offset between them, as Swin's
 * `relative_position_index`: `(dy + height − 1) (2 width − 1) + dx + width − 1`.
 *
 * @returns `[pixel · pixel]`
 */
export function relativePositions([height, width]: Axes): HostTensor<Int32Array> {
  const pixels = height * width;
  const data = Int32Array.from({ length: pixels * pixels }, (_, i) => {
    const [from, to] = [Math.floor(i / pixels), i % pixels];
    const dy = Math.floor(from / width) - Math.floor(to / width);
    const dx = (from % width) - (to % width);
    return (dy + height - 1) * (2 * width - 1) + dx + width - 1;
  });
  return { data, shape: [pixels * pixels] };
}
