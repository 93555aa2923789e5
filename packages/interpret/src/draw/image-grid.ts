import { checkDrawn } from "./check-drawn.ts";
import { heatmap, type HeatmapOptions } from "./heatmap.ts";
import type { Values } from "./values.ts";

/** How many maps are shown side by side. */
export interface ImageGridOptions extends HeatmapOptions {
  /** Default: as many as rows, or one more. */
  readonly columns?: number;
  /** One scale for all maps, or each map in shares of its own largest size, so that weak ones are seen too, which the title then says. Default: `"layer"`. */
  readonly scope?: "layer" | "unit";
}

/**
 * Filters or feature maps side by side, with an empty line between them.
 *
 * @param maps `[map, height, width]`
 */
export function imageGrid(maps: Values, options: ImageGridOptions): HTMLElement {
  const [count, height, width] = checkDrawn("imageGrid", maps, ["map", "height", "width"]) as [
    number,
    number,
    number,
  ];
  const { columns = Math.ceil(Math.sqrt(count)), scope = "layer" } = options;
  const rows = Math.ceil(count / columns);
  const [tall, wide] = [rows * (height + 1) - 1, columns * (width + 1) - 1];
  const data = new Float64Array(tall * wide).fill(NaN);
  for (let map = 0; map < count; map++) {
    const top = Math.floor(map / columns) * (height + 1);
    const left = (map % columns) * (width + 1);
    const unit = scope === "unit" ? largestOf(maps, map, height * width) : 1;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        data[(top + row) * wide + left + column] =
          (maps.data[(map * height + row) * width + column] ?? NaN) / unit;
      }
    }
  }
  const title = scope === "unit" ? `${options.title}, each in shares of its largest` : options.title;
  return heatmap({ data, shape: [tall, wide] }, { width: 384, ...options, title });
}

/** The largest size in a map, 1 where all is 0. */
function largestOf({ data }: Values, map: number, size: number): number {
  let largest = 0;
  for (let i = map * size; i < (map + 1) * size; i++) largest = Math.max(largest, Math.abs(data[i] ?? NaN));
  return largest === 0 ? 1 : largest;
}
