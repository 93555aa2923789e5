import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { warpImage, type WarpOptions } from "./warp-image.ts";
import { checkOptions } from "../check-options.ts";

/**
 * An image whose pixels are each moved, torchvision's `elastic`.
 *
 * @param displacement `[height, width, 2]`: where each color comes from, right and down, as parts of half of the image
 */
export function elasticImage(image: Image, displacement: Image, options: WarpOptions = {}): Image {
  checkOptions("elasticImage", options, ["interpolation", "fill"]);
  const [height, width] = sizesOf("elasticImage", image);
  const [rows, columns, pair] = sizesOf("elasticImage", displacement);
  if (rows !== height || columns !== width || pair !== 2) {
    throw new ShapeError(
      `elasticImage: displacement is [${displacement.shape.join(", ")}], expected [${height}, ${width}, 2].`,
    );
  }
  return warpImage(
    "elasticImage",
    image,
    (x, y, at) => {
      const from = (y * width + x) * 2;
      at.x = x + ((displacement.data[from] ?? NaN) * width) / 2;
      at.y = y + ((displacement.data[from + 1] ?? NaN) * height) / 2;
    },
    { interpolation: "bilinear", ...options },
  );
}
