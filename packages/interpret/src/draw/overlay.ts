import { readableCells } from "./cells.ts";
import { allZero } from "./all-zero.ts";
import { canvasStyle } from "./canvas-style.ts";
import { checkCanvas, checkColors, checkDrawn } from "./check-drawn.ts";
import { colorBar } from "./color-bar.ts";
import { colorOf, colorScale } from "./color-scale.ts";
import { html } from "./element-of.ts";
import { figure } from "./figure.ts";
import type { HeatmapOptions } from "./heatmap.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** How a map lies over a picture. */
export interface OverlayOptions extends HeatmapOptions {
  /** How much of the picture the map hides where it is largest, from 0 to 1. Default: 0.75. */
  readonly opacity?: number;
  /** Whether small numbers hide less than large ones. Default: true. */
  readonly fade?: boolean;
}

/**
 * A map over a gray picture: where something matters. The picture's brightness is not touched.
 *
 * @param image `[height, width, color]` from 0 to 1
 * @param map `[rows, columns]`, in its own resolution: that of the picture, or of a layer
 */
export function overlay(image: Values, map: Values, options: OverlayOptions): HTMLElement {
  const [height, width] = checkDrawn("overlay", image, ["height", "width", "color"]) as [number, number];
  checkColors("overlay", image);
  checkCanvas("overlay", height, width);
  const [rows, columns] = checkDrawn("overlay", map, ["rows", "columns"]) as [number, number];
  const {
    scale = colorScale(map.data, options),
    width: wide = 256,
    upsampling = "nearest",
    opacity = 0.75,
    fade = true,
  } = options;
  const cover = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const value = map.data[i] ?? NaN;
    const color = colorOf(scale, value);
    const strength = fade ? Math.min(1, Math.abs(value) / scale.high) : 1;
    if (color !== null) cover.data.set([...color, Math.round(255 * opacity * strength)], 4 * i);
  }
  const zoom = Math.max(1, Math.ceil(wide / width));
  const canvas = html("canvas", {
    width: width * zoom,
    height: height * zoom,
    style: canvasStyle(wide, height, width),
  });
  const context = canvas.getContext("2d");
  if (context !== null) {
    context.imageSmoothingEnabled = false;
    context.drawImage(onCanvas(grayPixels(image)), 0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = upsampling === "smooth";
    context.drawImage(onCanvas(cover), 0, 0, canvas.width, canvas.height);
  }
  const at = (row: number, column: number) => map.data[row * columns + column] ?? NaN;
  return figure(
    options,
    readableCells(canvas, rows, columns, at, options.title),
    { image, map, scale, upsampling },
    () => ({
      columns: ["row", ...Array.from({ length: columns }, (_, column) => String(column + 1))],
      rows: Array.from({ length: rows }, (_, row) => [
        String(row + 1),
        ...Array.from({ length: columns }, (__, column) => short(at(row, column))),
      ]),
    }),
    colorBar(scale),
    html(
      "small",
      {},
      `${rows} × ${columns} cells${upsampling === "nearest" ? ", as they are" : ", smoothed"}${allZero(map.data)}`,
    ),
  );
}

/** A picture's brightness, as pixels; numbers are cut off at 0 and 1. */
export function grayPixels({ data, shape }: Values): ImageData {
  const [height, width, colors] = shape as [number, number, number];
  const pixels = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    let light = 0;
    const weights = colors === 3 ? [0.2126, 0.7152, 0.0722] : [1]; // ITU-R BT.709
    weights.forEach((weight, color) => (light += weight * (data[i * colors + color] ?? NaN)));
    const gray = Math.round(255 * Math.min(1, Math.max(0, light)));
    pixels.data.set([gray, gray, gray, 255], 4 * i);
  }
  return pixels;
}

function onCanvas(pixels: ImageData): HTMLCanvasElement {
  const canvas = html("canvas", { width: pixels.width, height: pixels.height });
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}
