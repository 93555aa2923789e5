import { checkRecord, type HostTensor, ShapeError } from "@pellucid/core-train";

/**
 * The Euclidean distance of each pixel from the nearest one that is not 0, which itself has 0; Infinity where there is none. In linear time.
 *
 * Felzenszwalb and Huttenlocher, 2012. Distance transforms of sampled functions. The same numbers as `distance_transform_edt(mask == 0)` of SciPy.
 *
 * @param mask `[height, width]`
 */
export function distanceTransform(mask: HostTensor): HostTensor<Float32Array> {
  checkRecord("distanceTransform", "mask", mask, ["data", "shape"]);
  const [height = 0, width = 0] = mask.shape;
  if (mask.shape.length !== 2)
    throw new ShapeError(`distanceTransform: mask is [${mask.shape.join(", ")}], expected [height, width].`);
  const squares = Float64Array.from(mask.data, (value) => (value === 0 ? Infinity : 0));
  for (let column = 0; column < width; column++) transformLine(squares, column, width, height);
  for (let row = 0; row < height; row++) transformLine(squares, row * width, 1, width);
  return { data: Float32Array.from(squares, Math.sqrt), shape: [height, width] };
}

/** The lower envelope of the parabolas `(i − q)² + f(q)`, along one line. */
function transformLine(squares: Float64Array, start: number, stride: number, length: number): void {
  const line = Float64Array.from({ length }, (_, i) => squares[start + i * stride] ?? NaN);
  const vertices: number[] = [];
  const from: number[] = [];
  for (let q = 0; q < length; q++) {
    const f = line[q] ?? NaN;
    if (f === Infinity) continue;
    let left = -Infinity;
    while (vertices.length > 0) {
      const v = vertices.at(-1) ?? NaN;
      left = (f + q * q - ((line[v] ?? NaN) + v * v)) / (2 * (q - v));
      if (left > (from.at(-1) ?? NaN)) break;
      vertices.pop();
      from.pop();
      left = -Infinity;
    }
    vertices.push(q);
    from.push(left);
  }
  if (vertices.length === 0) return;
  let k = 0;
  for (let i = 0; i < length; i++) {
    while (k + 1 < vertices.length && (from[k + 1] ?? NaN) < i) k++;
    const v = vertices[k] ?? NaN;
    squares[start + i * stride] = (i - v) ** 2 + (line[v] ?? NaN);
  }
}
