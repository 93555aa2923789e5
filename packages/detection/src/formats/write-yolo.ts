import { checkArguments } from "@pellucid/core-train";
import { AnnotationError } from "./annotation-error.ts";
import type { YoloAnnotation } from "./read-yolo.ts";

/**
 * The annotation of one image in YOLO's text, as `readYolo` reads it.
 *
 * @throws {StructError} for what is not an annotation
 */
export function writeYolo(annotation: YoloAnnotation): string {
  checkArguments("writeYolo", { "{ labels, boxes }": { annotation } });
  const { labels, boxes } = annotation;
  checkArguments("writeYolo", { numbers: { labels, boxes } });
  if (boxes.length !== 4 * labels.length)
    throw new AnnotationError(
      `writeYolo: boxes has ${boxes.length} numbers, expected ${4 * labels.length} for ${labels.length} labels.`,
    );
  return Array.from(
    labels,
    (label, i) => `${label} ${Array.from(boxes.slice(4 * i, 4 * i + 4)).join(" ")}\n`,
  ).join("");
}
