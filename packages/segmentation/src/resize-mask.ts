import { checkChoice, checkSizes, type HostTensor, ShapeError } from "@pellucid/core-train";

/** Options for {@link resizeMask}. */
export interface ResizeMaskOptions {
  /** `"nearest-exact"` takes the pixel at the same position, as Pillow; `"nearest"` is half a pixel off, as OpenCV. Default: `"nearest-exact"`. */
  readonly mode?: "nearest-exact" | "nearest";
}

/**
 * Gives a mask another size without mixing its classes: each pixel is the nearest one's. The default fits images that were resized by `interpolate` or `resizeImage`.
 *
 * @param mask `[height, width]`
 * @returns `[height, width]` of the new size
 */
export function resizeMask<D extends HostTensor["data"]>(
  mask: HostTensor<D>,
  size: readonly [height: number, width: number],
  { mode = "nearest-exact" }: ResizeMaskOptions = {},
): HostTensor<D> {
  const [height = 0, width = 0] = mask.shape;
  if (mask.shape.length !== 2 || height * width === 0)
    throw new ShapeError(`resizeMask: mask is [${mask.shape.join(", ")}], expected [height, width].`);
  checkChoice("resizeMask", "mode", mode, ["nearest-exact", "nearest"]);
  const [toHeight, toWidth] = size;
  checkSizes("resizeMask", { height: toHeight, width: toWidth });
  const shift = mode === "nearest" ? 0 : 0.5;
  const source = (i: number, from: number, to: number) =>
    Math.min(from - 1, Math.floor(((i + shift) * from) / to));
  const data = mask.data.slice(0, 0).constructor as new (length: number) => D;
  const result = new data(toHeight * toWidth);
  for (let row = 0; row < toHeight; row++)
    for (let column = 0; column < toWidth; column++)
      result[row * toWidth + column] = mask.data[
        source(row, height, toHeight) * width + source(column, width, toWidth)
      ] as number;
  return { data: result, shape: [toHeight, toWidth] };
}
