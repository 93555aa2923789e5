import { canvasStyle } from "./canvas-style.ts";
import { cellMark } from "./cell-mark.ts";
import { checkCanvas, checkColors, checkDrawn } from "./check-drawn.ts";
import { html } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { fireCell, letMark } from "./link-drawings.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** How a picture is shown. */
export interface PictureOptions extends DrawingOptions {
  /** The drawing's width in CSS pixels. Default: 256. */
  readonly width?: number;
  /** What the picture is of, for those who cannot see it. Default: the title. */
  readonly alt?: string;
}

/**
 * A picture as it is: in gray, or in red, green and blue. Numbers are cut off at 0 and 1.
 *
 * @param image `[height, width, color]` from 0 to 1, with one color or three
 */
export function picture(image: Values, options: PictureOptions): HTMLElement {
  const [height, width, colors] = checkDrawn("picture", image, ["height", "width", "color"]) as [
    number,
    number,
    number,
  ];
  checkColors("picture", image);
  checkCanvas("picture", height, width);
  const { width: wide = 256, alt = options.title } = options;
  const canvas = html("canvas", {
    role: "img",
    "aria-label": `${alt}: ${height} by ${width} pixels`,
    style: `${canvasStyle(wide, height, width)};image-rendering:pixelated;display:block`,
  });
  paintPicture(canvas, image);
  const [mark, grid] = [cellMark(), { rows: height, columns: width }];
  letMark(canvas, { ...grid, mark: mark.show });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const row = within((offsetY / canvas.clientHeight) * height, height);
    const column = within((offsetX / canvas.clientWidth) * width, width);
    mark.show({ row, column }, grid);
    fireCell(canvas, { row, column });
  });
  const names = colors === 3 ? ["red", "green", "blue"] : ["brightness"];
  return figure(
    options,
    html("div", { style: "position:relative;width:fit-content" }, canvas, mark.element),
    image,
    () => ({
      columns: ["row", "column", ...names],
      rows: Array.from({ length: height * width }, (_, i) => [
        String(Math.floor(i / width) + 1),
        String((i % width) + 1),
        ...names.map((__, color) => short(image.data[i * colors + color] ?? NaN)),
      ]),
    }),
  );
}

/** The index of a pixel. */
const within = (n: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(n)));

/** Paints a picture on a canvas, one pixel each. */
export function paintPicture(canvas: HTMLCanvasElement, { data, shape }: Values): void {
  const [height, width, colors] = shape as [number, number, number];
  const pixels = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const light = (color: number) =>
      Math.round(255 * Math.min(1, Math.max(0, data[i * colors + (colors === 3 ? color : 0)] ?? NaN)));
    pixels.data.set([light(0), light(1), light(2), 255], 4 * i);
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}
