import { type Image, tidyLeaves } from "@pellucid/core-train";
import { tensor4d, tidy, type Tensor4D } from "@tensorflow/tfjs-core";
import { clipBoxesToImage } from "../boxes/clip-boxes-to-image.ts";
import { boxArray } from "../anchors/box-array.ts";
import { xyxy } from "../boxes/box-format.ts";
import type { Decoded } from "../decode/decoded.ts";
import { fromLetterbox, letterbox } from "../decode/letterbox.ts";
import type { Detections } from "../models/detections.ts";
import { selectDetections, type SelectDetectionsOptions } from "../decode/select-detections.ts";

/** Options for the detectors' `detect`. */
export interface DetectOptions extends SelectDetectionsOptions {
  /** The size of the letterbox that the image is fitted into. Default: the size of the image. */
  readonly size?: number | readonly [height: number, width: number];
}

/**
 * The detections in one image, with boxes in its own pixels: scales and pads it into a letterbox, runs the detector, drops boxes of low score and those
 * that non-maximum suppression removes, and maps the boxes back.
 *
 * @param decode the detector: from images `[1, height, width, channel]` to boxes and scores
 * @param image pixels as the detector was trained on
 */
export async function detectImage(
  decode: (images: Tensor4D) => Decoded,
  image: Image,
  options: DetectOptions = {},
): Promise<Detections> {
  const { size, ...select } = options;
  const [height, width] = image.shape;
  const fitted = letterbox(image, size ?? [height, width]);
  const decoded = tidyLeaves(() => decode(tensor4d(fitted.image.data, [1, ...fitted.image.shape])));
  try {
    const [only] = await selectDetections(decoded, select);
    const { boxes, scores, labels } = only as Detections;
    const moved = tidy(() => clipBoxesToImage(fromLetterbox(xyxy(boxes), fitted.letterbox), [height, width]));
    try {
      return { boxes: boxArray(await moved.data<"float32">()), scores, labels };
    } finally {
      moved.dispose();
    }
  } finally {
    decoded.boxes.dispose();
    decoded.scores.dispose();
  }
}
