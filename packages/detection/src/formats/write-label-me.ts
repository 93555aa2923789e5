import type { LabelMeAnnotation } from "./read-label-me.ts";

/** The annotation of one image in LabelMe's JSON, as `readLabelMe` reads it. */
export function writeLabelMe({ imagePath, height, width, shapes }: LabelMeAnnotation): string {
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
