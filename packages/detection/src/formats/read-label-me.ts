import { checkArguments, checkRecord } from "@pellucid/core-train";
import { AnnotationError } from "./annotation-error.ts";
import { Fields } from "./fields.ts";
import { jsonOf } from "./text-of.ts";

/** A shape of a {@link LabelMeAnnotation}. */
export interface LabelMeShape {
  /** The name of the class. */
  readonly label: string;
  readonly shapeType: "polygon" | "rectangle" | "circle" | "line" | "linestrip" | "point";
  /** In pixels; of a rectangle two opposite corners, of a circle the center and a point on it. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a file of LabelMe's says of one image. */
export interface LabelMeAnnotation {
  readonly imagePath: string;
  readonly height: number;
  readonly width: number;
  readonly shapes: readonly LabelMeShape[];
}

const types = ["polygon", "rectangle", "circle", "line", "linestrip", "point"] as const;
const leastPoints = { polygon: 3, rectangle: 2, circle: 2, line: 2, linestrip: 2, point: 1 } as const;

/**
 * Reads the annotation of one image in LabelMe's JSON. Pixels that the file may hold are left out. See {@link labelMeBox}.
 *
 * @throws AnnotationError where a field is missing or of another type, a shape is of an unknown type, or has too few points
 */
export function readLabelMe(file: string | Uint8Array): LabelMeAnnotation {
  const root = new Fields("readLabelMe", "", jsonOf("readLabelMe", file));
  return {
    imagePath: root.string("imagePath"),
    height: root.integer("imageHeight", 1),
    width: root.integer("imageWidth", 1),
    shapes: root.records("shapes").map((fields) => {
      const shapeType = fields.has("shape_type")
        ? types.find((type) => type === fields.string("shape_type"))
        : "polygon";
      if (shapeType === undefined) throw fields.wrong("shape_type", types.join(", "));
      const { fields: list, indices } = fields.items("points");
      const points = indices.map((i) => list.numbers(i, 2) as [number, number]);
      if (points.length < leastPoints[shapeType])
        throw fields.wrong("points", `${leastPoints[shapeType]} or more of a ${shapeType}`);
      return { label: fields.string("label"), shapeType, points };
    }),
  };
}

/**
 * The box `x1, y1, x2, y2` around a shape.
 *
 * @throws {StructError} for what is not a shape
 * @throws {AnnotationError} for a shape without points
 */
export function labelMeBox(shape: LabelMeShape): readonly [number, number, number, number] {
  checkRecord("labelMeBox", "shape", shape, ["shapeType", "points"]);
  const { shapeType, points } = shape;
  checkArguments("labelMeBox", { "numbers[]": { points } });
  const [first, second] = points;
  if (first === undefined) throw new AnnotationError("labelMeBox: the shape has no points.");
  if (shapeType === "circle" && second !== undefined) {
    const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
    return [first[0] - radius, first[1] - radius, first[0] + radius, first[1] + radius];
  }
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
