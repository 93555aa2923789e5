import { allZero } from "./all-zero.ts";
import { canvasStyle } from "./canvas-style.ts";
import { checkCanvas, checkDrawn } from "./check-drawn.ts";
import { readableCells } from "./cells.ts";
import { colorBar } from "./color-bar.ts";
import { colorOf, type ColorScale, colorScale, type ColorScaleOptions } from "./color-scale.ts";
import { html } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";
import { visible } from "./tokens.ts";
import type { Values } from "./values.ts";

/** How a grid of numbers is shown. */
export interface HeatmapOptions extends DrawingOptions, ColorScaleOptions {
  /** The scale, if it is shared with other drawings. Default: that of these numbers. */
  readonly scale?: ColorScale;
  /** The drawing's width in CSS pixels. Default: 256. */
  readonly width?: number;
  /** The names of the rows: the tokens of a text, at whose ends spaces are made visible. Default: nothing. */
  readonly rowNames?: readonly string[];
  /** What stands for each column, above it. Default: nothing. */
  readonly columnNames?: readonly string[];
  /** How many times as wide as high a cell is. Default: 1. */
  readonly cellAspect?: number;
  /** `"nearest"` shows each number as a cell; `"smooth"` blends neighbors, which the numbers do not say. Default: `"nearest"`. */
  readonly upsampling?: "nearest" | "smooth";
}

/**
 * A grid of numbers as colors, with a color bar, a cell at a time by arrow keys, a table, and PNG and JSON to save.
 *
 * @param map `[height, width]`
 */
export function heatmap(map: Values, options: HeatmapOptions): HTMLElement {
  const [height, width] = checkDrawn("heatmap", map, ["height", "width"]) as [number, number];
  const {
    scale = colorScale(map.data, options),
    width: wide = 256,
    upsampling = "nearest",
    cellAspect = 1,
  } = options;
  checkCanvas("heatmap", height, width);
  const canvas = html("canvas", {
    style: `${canvasStyle(wide, height, width, cellAspect)};image-rendering:${upsampling === "nearest" ? "pixelated" : "auto"}`,
  });
  paintHeatmap(canvas, map, scale);
  const at = (row: number, column: number) => map.data[row * width + column] ?? NaN;
  const [rows, columns] = [options.rowNames?.map(seenEnds), options.columnNames?.map(seenEnds)];
  const cells = readableCells(canvas, height, width, at, options.title, { rows, columns });
  return figure(
    options,
    rows === undefined && columns === undefined ? cells : labeled(cells, rows, columns),
    { ...map, scale, upsampling },
    () => ({
      columns: [
        "row",
        ...Array.from({ length: width }, (_, column) => columns?.[column] ?? String(column + 1)),
      ],
      rows: Array.from({ length: height }, (_, row) => [
        rows?.[row] ?? String(row + 1),
        ...Array.from({ length: width }, (__, column) => short(at(row, column))),
      ]),
    }),
    colorBar(scale),
    html(
      "small",
      {},
      upsampling === "nearest"
        ? `${height} × ${width} cells, as they are${allZero(map.data)}`
        : `${height} × ${width} cells, smoothed${allZero(map.data)}`,
    ),
  );
}

/** A name with the spaces and line ends seen that it begins and ends with. */
const seenEnds = (name: string): string => name.replaceAll(/^\s+|\s+$/g, visible);

/** Cells with what stands for their rows and columns. */
function labeled(
  cells: HTMLElement,
  rows: readonly string[] = [],
  columns: readonly string[] = [],
): HTMLElement {
  const names = (all: readonly string[], direction: "row" | "column", style: string) =>
    html(
      "div",
      {
        "aria-hidden": "true",
        style: `display:flex;flex-direction:${direction};font:12px/1.5 ui-monospace,monospace;${style}`,
      },
      ...all.map((name) =>
        html(
          "span",
          {
            style:
              "flex:1 1 0;min-width:0;min-height:0;overflow:hidden;display:grid;align-items:center;justify-items:center;white-space:pre",
          },
          name,
        ),
      ),
    );
  const [canvas, says] = [...cells.children] as [HTMLElement, HTMLElement];
  return html(
    "div",
    {
      style:
        "display:grid;grid-template-columns:max-content max-content;column-gap:4px;max-width:100%;overflow:auto",
    },
    html("div", {}),
    names(columns, "row", ""),
    names(rows, "column", ""),
    canvas,
    html("div", {}),
    says,
  );
}

/** Paints a grid of numbers on a canvas, one pixel each; what is not a number is left transparent. */
export function paintHeatmap(canvas: HTMLCanvasElement, { data, shape }: Values, scale: ColorScale): void {
  const [height, width] = shape as [number, number];
  const pixels = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const color = colorOf(scale, data[i] ?? NaN);
    if (color !== null) pixels.data.set([...color, 255], 4 * i);
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}
