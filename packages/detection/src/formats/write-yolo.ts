import { AnnotationError } from "./annotation-error.ts";
import type { YoloAnnotation } from "./read-yolo.ts";

/** The annotation of one image in YOLO's text, as `readYolo` reads it. */
export function writeYolo({ labels, boxes }: YoloAnnotation): string {
  if (boxes.length !== 4 * labels.length)
    throw new AnnotationError(
      `writeYolo: boxes has ${boxes.length} numbers, expected ${4 * labels.length} for ${labels.length} labels.`,
    );
  return Array.from(
    labels,
    (label, i) => `${label} ${Array.from(boxes.subarray(4 * i, 4 * i + 4)).join(" ")}\n`,
  ).join("");
}
