import { largestOf } from "../run/largest-of.ts";
import { checkCanvas, checkColors, checkDrawn } from "./check-drawn.ts";
import { html } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { paintPicture } from "./picture.ts";
import { short } from "./short.ts";
import { exampleOf, type Values } from "./values.ts";

/** How many pictures are shown side by side, and the label below each. */
export interface PicturesOptions extends DrawingOptions {
  /** Below each picture. Default: nothing. */
  readonly labels?: readonly string[];
  /** One picture's width in CSS pixels. Default: 72. */
  readonly each?: number;
  /** Default: as many as there is room for. */
  readonly columns?: number;
}

/**
 * Several pictures as they are, in reading order.
 *
 * @param images `[picture, height, width, color]` from 0 to 1, with one color or three
 */
export function pictures(images: Values, options: PicturesOptions): HTMLElement {
  const [count, height, width, colors] = checkDrawn("pictures", images, [
    "picture",
    "height",
    "width",
    "color",
  ]) as [number, number, number, number];
  checkColors("pictures", images);
  checkCanvas("pictures", height, width);
  const { labels = [], each = 72, columns } = options;
  const size = height * width * colors;
  const one = (_: unknown, i: number) => {
    const canvas = html("canvas", {
      role: "img",
      "aria-label": `Picture ${i + 1}${labels[i] === undefined ? "" : `: ${labels[i]}`}`,
      style: `width:${each}px;aspect-ratio:${width}/${height};image-rendering:pixelated;display:block`,
    });
    paintPicture(canvas, exampleOf(images, i));
    const below = labels[i] === undefined ? [] : [html("div", { style: "font-size:12px" }, labels[i])];
    return html("div", { style: `width:${each}px;text-align:center;line-height:1.2` }, canvas, ...below);
  };
  const grid = html(
    "div",
    {
      style: `display:grid;gap:6px;grid-template-columns:repeat(${columns ?? "auto-fill"},${each}px);width:${columns === undefined ? "100%" : "auto"};min-width:${Math.min(count, 4) * (each + 6)}px`,
    },
    ...Array.from({ length: count }, one),
  );
  return figure(options, grid, { ...images, labels }, () => ({
    columns: ["picture", ...(labels.length > 0 ? ["label"] : []), "mean", "largest"],
    rows: Array.from({ length: count }, (_, i) => {
      const values = Array.from(exampleOf(images, i).data);
      const mean = values.reduce((a, b) => a + b, 0) / size;
      return [
        String(i + 1),
        ...(labels.length > 0 ? [labels[i] ?? ""] : []),
        short(mean),
        short(largestOf(values)),
      ];
    }),
  }));
}
