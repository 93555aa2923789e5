import type { Values } from "./values.ts";

/** Says what came where something of another shape is drawn. */
export class DrawingError extends TypeError {
  override readonly name = "DrawingError";
}

/** The longest side of a canvas that every browser paints. */
const longestSide = 16_384;

/** The shape, if it has the axes that a drawing needs, none of which is empty. */
export function checkDrawn(
  caller: string,
  { data, shape }: Values,
  axes: readonly string[],
): readonly number[] {
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length !== axes.length || data.length !== size)
    throw new DrawingError(
      `${caller}: got ${data.length} numbers of shape [${shape.join(", ")}], expected [${axes.join(", ")}]. Take one example of a batch with exampleOf(values, index).`,
    );
  if (size === 0)
    throw new DrawingError(
      `${caller}: got nothing of shape [${shape.join(", ")}], expected [${axes.join(", ")}] with one number at least.`,
    );
  return shape;
}

/** Refuses points in another number of dimensions. */
export function checkAxes(caller: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new DrawingError(
    `${caller}: got points of ${found} numbers, expected ${expected}. Bring them to ${expected} dimensions with pca, tsne or umap.`,
  );
}

/** Refuses a grid of more rows or columns than a canvas has. */
export function checkCanvas(caller: string, height: number, width: number): void {
  if (Math.max(height, width) <= longestSide) return;
  throw new DrawingError(
    `${caller}: got ${height} by ${width} cells, expected ${longestSide} at most along each side, as a canvas has. Draw a part, or means of several rows.`,
  );
}

/** Refuses pictures that are not in gray or in red, green and blue from 0 to 1. */
export function checkColors(caller: string, { data, shape }: Values): void {
  const colors = shape.at(-1) ?? 0;
  if (colors !== 1 && colors !== 3)
    throw new DrawingError(
      `${caller}: got ${colors} colors, expected 1 (gray) or 3 (red, green, blue).${colors === 4 ? " Leave the opacity of RGBA out." : " Draw maps with imageGrid."}`,
    );
  let [largest, whole] = [0, true];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    largest = Math.max(largest, value);
    whole &&= Number.isInteger(value);
  }
  if (whole && largest > 1)
    throw new DrawingError(
      `${caller}: got integers up to ${largest}, expected colors from 0 to 1. Divide bytes by 255.`,
    );
}
