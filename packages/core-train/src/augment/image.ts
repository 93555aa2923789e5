import { type HostTensor, sizeOf } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";
import { checkRecord } from "../check-record.ts";

/** An image on the host, `[height, width, channel]`, its colors from 0 to 1 (before {@link normalize}). */
export interface Image extends HostTensor<Float32Array> {
  readonly shape: readonly [height: number, width: number, channel: number];
}

/** The sizes of an image; throws a {@link ShapeError} if it is none. */
export function sizesOf(caller: string, image: Image): Image["shape"] {
  checkRecord(caller, "image", image, ["data", "shape"]);
  const { data, shape } = image;
  if ((shape as readonly number[]).length === 3 && data.length === sizeOf(shape)) return shape;
  throw new ShapeError(
    `${caller}: image is [${shape.join(", ")}] with ${data.length} numbers, expected [height, width, channel].`,
  );
}

/** As {@link sizesOf}, of an image in gray or in red, green and blue. */
export function colorSizesOf(
  caller: string,
  image: Image,
): readonly [height: number, width: number, channels: 1 | 3] {
  const [height, width, channels] = sizesOf(caller, image);
  if (channels !== 1 && channels !== 3) {
    throw new ShapeError(`${caller}: image has ${channels} channels, expected 1 or 3.`);
  }
  return [height, width, channels];
}
