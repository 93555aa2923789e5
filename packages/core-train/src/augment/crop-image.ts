import { ShapeError } from "../shape-error.ts";
import { type Image, sizesOf } from "./image.ts";
import { checkArguments } from "../check-arguments.ts";

/** Where a rectangle lies in an image, in pixels. */
export interface ImageBox {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A rectangle of an image, torchvision's `crop`. Beyond the image there is nothing to take. */
export function cropImage(image: Image, box: ImageBox): Image {
  checkArguments("cropImage", { "{ top, left, height, width }": { box } });
  const { top, left, height, width } = box;
  const [rows, columns, channels] = sizesOf("cropImage", image);
  if (top < 0 || left < 0 || top + height > rows || left + width > columns) {
    throw new ShapeError(
      `cropImage: the box is [${height}, ${width}] at [${top}, ${left}], expected it within image [${image.shape.join(", ")}]. Pad the image first.`,
    );
  }
  const row = width * channels;
  const data = new Float32Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * columns + left) * channels;
    data.set(image.data.subarray(from, from + row), y * row);
  }
  return { data, shape: [height, width, channels] };
}
