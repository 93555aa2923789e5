import { checkArguments, checkRecord, type Image, ShapeError } from "@pellucid/core-train";

/** Throws a `StructError` or a `ShapeError` unless `image` is `{ data, shape }` of `[height, width, channel]`. */
export function checkImage(caller: string, image: Image): void {
  checkRecord(caller, "image", image, ["data", "shape"]);
  checkArguments(caller, { numbers: { "image.data": image.data }, "size[]": { "image.shape": image.shape } });
  const { data, shape } = image;
  const [height, width, channels] = shape;
  if ((shape as readonly number[]).length === 3 && data.length === height * width * channels) return;
  throw new ShapeError(
    `${caller}: image is [${shape.join(", ")}] with ${data.length} numbers, expected [height, width, channel].`,
  );
}
