import { OptionError } from "../option-error.ts";
import { type ImageFill, fillOf } from "./fill.ts";
import { type Image, sizesOf } from "./image.ts";
import { checkArguments } from "../check-arguments.ts";
import { checkOptions } from "../check-options.ts";

/** How many pixels are added on each side. */
export interface ImagePadding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What is added: a fill, the border itself, or the image mirrored within or including its border. */
export type ImagePaddingMode = "constant" | "edge" | "reflect" | "symmetric";

/** Options for {@link padImage}. */
export interface PadImageOptions {
  /** What fills the added pixels. Default: 0. */
  readonly fill?: ImageFill;
  /** What is added. Default: `"constant"`, the fill. */
  readonly paddingMode?: ImagePaddingMode;
}

/** An image with a frame around it, torchvision's `pad`. */
export function padImage(image: Image, padding: ImagePadding, options: PadImageOptions = {}): Image {
  checkOptions("padImage", options, ["fill", "paddingMode"]);
  checkArguments("padImage", { record: { padding } });
  const { top, bottom, left, right } = padding;
  const { fill = 0, paddingMode = "constant" } = options;
  const [rows, columns, channels] = sizesOf("padImage", image);
  if (!(Math.min(top, bottom, left, right) >= 0)) {
    throw new OptionError("padImage", "padding", `[${[top, bottom, left, right].join(", ")}]`, "0 or more");
  }
  const [height, width] = [rows + top + bottom, columns + left + right];
  const colors = fillOf("padImage", fill, channels);
  const data = new Float32Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const fromY = source(y - top, rows, paddingMode);
    for (let x = 0; x < width; x++) {
      const fromX = source(x - left, columns, paddingMode);
      const from = fromY < 0 || fromX < 0 ? -1 : (fromY * columns + fromX) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++)
        data[to + c] = (from < 0 ? colors[c] : image.data[from + c]) as number;
    }
  }
  return { data, shape: [height, width, channels] };
}

/** Which of `size` pixels is at `i`, which may be outside; -1 for none. */
function source(i: number, size: number, mode: ImagePaddingMode): number {
  if (i >= 0 && i < size) return i;
  if (mode === "constant") return -1;
  if (mode === "edge") return i < 0 ? 0 : size - 1;
  return reflect(i, size, mode === "symmetric");
}

/** Where `i` comes to lie when it is thrown back at the borders, as often as it takes. */
export function reflect(i: number, size: number, withBorder: boolean): number {
  const period = withBorder ? 2 * size : Math.max(2 * size - 2, 1);
  const within = ((i % period) + period) % period;
  return within < size ? within : (withBorder ? period - 1 : period) - within;
}
