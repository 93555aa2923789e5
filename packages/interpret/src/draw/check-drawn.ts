import type { Values } from "./values.ts";

/** Says what came where something of another shape is drawn. */
export class DrawingError extends TypeError {
  override readonly name = "DrawingError";
}

/** The shape, if it has the axes that a drawing needs. */
export function checkDrawn(
  caller: string,
  { data, shape }: Values,
  axes: readonly string[],
): readonly number[] {
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length === axes.length && data.length === size) return shape;
  throw new DrawingError(
    `${caller}: got ${data.length} numbers of shape [${shape.join(", ")}], expected [${axes.join(", ")}]. Take one example of a batch with exampleOf(values, index).`,
  );
}
