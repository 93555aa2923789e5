import { type ImageFill, fillOf } from "./fill.ts";
import { type Image, sizesOf } from "./image.ts";
import { roundHalfEven } from "../round-half-even.ts";
import { checkChoice } from "../check-values.ts";

/** How the color between pixels is found, and what is beyond them. */
export interface WarpOptions {
  /** The nearest pixel, or a mean of the four around. */
  readonly interpolation?: "nearest" | "bilinear";
  /**
   * What fills pixels that the image does not cover. Default: of the functions none, which leaves them 0; of the random ones 0. As in
   * torchvision these two differ at the border where pixels are averaged.
   */
  readonly fill?: ImageFill;
}

/** Where the color of pixel `x`, `y` comes from, in pixels: writes column and row into `at`. */
export type Source = (x: number, y: number, at: { x: number; y: number }) => void;

/** An image whose pixels come from other places of it, torchvision's `grid_sample`. It keeps its size. */
export function warpImage(caller: string, image: Image, source: Source, options: WarpOptions): Image {
  const { interpolation = "nearest", fill } = options;
  checkChoice(caller, "interpolation", interpolation, ["nearest", "bilinear"]);
  const [height, width, channels] = sizesOf(caller, image);
  const colors = fillOf(caller, fill ?? 0, channels);
  const sample = interpolation === "nearest" ? nearest : bilinear(fill !== undefined);
  const data = new Float32Array(image.data.length);
  const at = { x: 0, y: 0 };
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      source(x, y, at);
      sample(image.data, height, width, channels, at, colors, data, to);
    }
  }
  return { data, shape: image.shape };
}

type Sample = (
  pixels: Float32Array,
  height: number,
  width: number,
  channels: number,
  at: { readonly x: number; readonly y: number },
  colors: readonly number[],
  data: Float32Array,
  to: number,
) => void;

const nearest: Sample = (pixels, height, width, channels, at, colors, data, to) => {
  const [x, y] = [roundHalfEven(at.x), roundHalfEven(at.y)];
  const isInside = x >= 0 && x < width && y >= 0 && y < height;
  const from = (y * width + x) * channels;
  for (let c = 0; c < channels; c++) data[to + c] = (isInside ? pixels[from + c] : colors[c]) as number;
};

/** With a fill, torchvision mixes it in by the part that is covered, though the uncovered part already counts as 0. */
function bilinear(isFilled: boolean): Sample {
  return (pixels, height, width, channels, at, colors, data, to) => {
    const [left, top] = [Math.floor(at.x), Math.floor(at.y)];
    let covered = 0;
    for (let dy = 0; dy < 2; dy++) {
      for (let dx = 0; dx < 2; dx++) {
        const [x, y] = [left + dx, top + dy];
        if (!(x >= 0 && x < width && y >= 0 && y < height)) continue;
        const weight = Math.abs(at.x - (left + 1 - dx)) * Math.abs(at.y - (top + 1 - dy));
        const from = (y * width + x) * channels;
        covered += weight;
        for (let c = 0; c < channels; c++) {
          data[to + c] = (data[to + c] ?? NaN) + weight * (pixels[from + c] ?? NaN);
        }
      }
    }
    if (!isFilled) return;
    for (let c = 0; c < channels; c++) {
      const color = colors[c] ?? NaN;
      data[to + c] = covered * ((data[to + c] ?? NaN) - color) + color;
    }
  };
}
