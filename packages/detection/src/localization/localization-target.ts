import { checkOptions, checkPositive, checkSizes, type HostTensor } from "@pellucid/core-train";
import { checkImageSize } from "../boxes/check-image-size.ts";
import { type HostObjects, objectsOf } from "../yolo/host-objects.ts";

/** What an image is asked for. */
export interface LocalizationTargetOptions {
  readonly numClasses: number;
  /** Of the image: height and width in pixels. */
  readonly imageSize: readonly [height: number, width: number];
}

/**
 * The label of an image: `[p_c, b_x, b_y, b_h, b_w, c_1, …]`, center and size in parts of the image. Of several objects the first; of none all zeros, and all but `p_c` does not count.
 *
 * @returns `[5 + class]`
 * @throws {StructError} for what is not boxes and labels
 * @throws {OptionError} for a wrong option
 * @throws {LabelError} for a class that does not exist
 */
export function localizationTarget(
  objects: HostObjects,
  options: LocalizationTargetOptions,
): HostTensor<Float32Array> {
  checkOptions("localizationTarget", options, ["numClasses", "imageSize"]);
  const { numClasses, imageSize } = options;
  checkImageSize("localizationTarget", "imageSize", imageSize);
  const [height, width] = imageSize;
  checkSizes("localizationTarget", { numClasses });
  checkPositive("localizationTarget", { height, width });
  const data = new Float32Array(5 + numClasses);
  const [object] = objectsOf("localizationTarget", objects, numClasses);
  if (object !== undefined) {
    data.set([1, object.x / width, object.y / height, object.height / height, object.width / width]);
    data[5 + object.label] = 1;
  }
  return { data, shape: [data.length] };
}
