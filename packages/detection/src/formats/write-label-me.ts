import { checkArguments } from "@pellucid/core-train";
import type { LabelMeAnnotation } from "./read-label-me.ts";

/**
 * The annotation of one image in LabelMe's JSON, as `readLabelMe` reads it.
 *
 * @throws {StructError} for what is not an annotation
 */
export function writeLabelMe(annotation: LabelMeAnnotation): string {
  checkArguments("writeLabelMe", { "{ imagePath, height, width, shapes }": { annotation } });
  const { imagePath, height, width, shapes } = annotation;
  checkArguments("writeLabelMe", { "{ label, shapeType, points }[]": { shapes } });
  return JSON.stringify({
    version: "5.0.0",
    flags: {},
    shapes: shapes.map(({ label, shapeType, points }) => ({
      label,
      points,
      group_id: null,
      shape_type: shapeType,
      flags: {},
    })),
    imagePath,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  });
}
