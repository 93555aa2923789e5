import { checkArguments } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import type { HostArray } from "../rows.ts";

const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;

/**
 * Reads CIFAR-10's binary format: for each image its class from 0 to 9, then its red, green and blue plane.
 *
 * @param bytes one or more whole batches
 * @param name what the bytes are, for the error
 * @returns images `[image, 32, 32, 3]`
 * @throws {@link DatasetError} with code `format` where there is part of an image, or a class above 9
 */
export function readCifar10(
  bytes: Uint8Array,
  name = "readCifar10",
): {
  images: HostArray<Uint8Array, readonly [number, 32, 32, 3]>;
  labels: HostArray<Int32Array, readonly [number]>;
} {
  checkArguments("readCifar10", { bytes: { bytes }, "text?": { name } });
  const count = bytes.length / RECORD;
  if (!Number.isInteger(count))
    throw new DatasetError(
      "format",
      `${name}: ${bytes.length} bytes are no integer of images, each ${RECORD}. Was the file cut?`,
    );
  for (let image = 0; image < count; image++) {
    const label = bytes[image * RECORD] ?? NaN;
    if (label > 9)
      throw new DatasetError("format", `${name}: image ${image} is of class ${label}, expected 0 to 9.`);
  }
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Int32Array(count);
  let to = 0;
  for (let image = 0; image < count; image++) {
    const at = image * RECORD;
    labels[image] = bytes[at] ?? NaN;
    for (let pixel = at + 1; pixel <= at + PLANE; pixel++) {
      images[to++] = bytes[pixel] ?? NaN;
      images[to++] = bytes[pixel + PLANE] ?? NaN;
      images[to++] = bytes[pixel + 2 * PLANE] ?? NaN;
    }
  }
  return {
    images: { data: images, shape: [count, SIDE, SIDE, 3] },
    labels: { data: labels, shape: [count] },
  };
}
