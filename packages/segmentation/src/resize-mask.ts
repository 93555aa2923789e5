import {
  checkChoice,
  checkOptions,
  checkRecord,
  checkSizeArray,
  type HostTensor,
  ShapeError,
} from "@pellucid/core-train";

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
 * @throws {StructError} for what is not a mask
 * @throws {ShapeError} for a mask of another number of axes, or without pixels
 * @throws {OptionError} for a size that is not two integers above 0, or a wrong option
 */
export function resizeMask<D extends HostTensor["data"]>(
  mask: HostTensor<D>,
  size: readonly [height: number, width: number],
  options: ResizeMaskOptions = {},
): HostTensor<D> {
  checkRecord("resizeMask", "mask", mask, ["data", "shape"]);
  checkOptions("resizeMask", options, ["mode"]);
  const { mode = "nearest-exact" } = options;
  const [height = 0, width = 0] = mask.shape;
  if (mask.shape.length !== 2 || height * width === 0)
    throw new ShapeError(`resizeMask: mask is [${mask.shape.join(", ")}], expected [height, width].`);
  checkChoice("resizeMask", "mode", mode, ["nearest-exact", "nearest"]);
  checkSizeArray("resizeMask", "size", size, 2);
  const [toHeight, toWidth] = size;
  const shift = mode === "nearest" ? 0 : 0.5;
  const source = (i: number, from: number, to: number) =>
    Math.min(from - 1, Math.floor(((i + shift) * from) / to));
  const data = mask.data.slice(0, 0).constructor as new (length: number) => D;
  const result = new data(toHeight * toWidth);
  for (let row = 0; row < toHeight; row++)
    for (let column = 0; column < toWidth; column++)
      result[row * toWidth + column] =
        mask.data[source(row, height, toHeight) * width + source(column, width, toWidth)] ?? NaN;
  return { data: result, shape: [toHeight, toWidth] };
}
