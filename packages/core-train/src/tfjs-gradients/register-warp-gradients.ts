import {
  add,
  backend_util,
  cast,
  clipByValue,
  div,
  floor,
  gather,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  notEqual,
  range,
  reshape,
  RotateWithOffset,
  slice,
  sub,
  type Tensor,
  tensor1d,
  Transform,
  where,
} from "@tensorflow/tfjs-core";
import { registerComposedGradient } from "./register-composed-gradient.ts";

/**
 * Gives `image.transform` gradients, at the image and, unlike TensorFlow, at the transforms too, as a spatial transformer needs
 * them (Jaderberg et al., 2015, section 3.3); and `image.rotateWithOffset` one at the image.
 */
export function registerWarpGradients(): void {
  registerComposedGradient<{ image: Tensor; transforms: Tensor }, TransformSpec>({
    kernelName: Transform,
    inputs: ["image", "transforms"],
    compose: ({ image, transforms }, spec) => transformed(image, transforms, spec),
  });
  registerComposedGradient<{ image: Tensor }, RotationSpec>({
    kernelName: RotateWithOffset,
    inputs: ["image"],
    compose: ({ image }, spec) => rotated(image, spec),
  });
}

interface TransformSpec {
  readonly interpolation: "nearest" | "bilinear";
  readonly fillMode: "constant" | "reflect" | "wrap" | "nearest";
  readonly fillValue: number;
  readonly outputShape?: readonly [number, number] | null;
}

function transformed(image: Tensor, transforms: Tensor, spec: TransformSpec): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = image.shape;
  const [rows, columns] = spec.outputShape ?? [height, width];
  const xs = reshape(range(0, columns), [1, 1, columns]);
  const ys = reshape(range(0, rows), [1, rows, 1]);
  const weight = (i: number) => reshape(slice(transforms, [0, i], [-1, 1]), [-1, 1, 1]); //   [batch or 1, 1, 1]
  const affine = (i: number) => add(mul(weight(i), xs), mul(weight(i + 1), ys)); //           [batch or 1, row, column]
  const projection = add(affine(6), 1);
  const isThere = notEqual(projection, 0);
  const depth = where(isThere, projection, 1);
  const at = (i: number, size: number) =>
    positionIn(div(add(affine(i), weight(i + 2)), depth), size, spec.fillMode);
  const [x, y] = [at(0, width), at(3, height)];

  const pixels = reshape(image, [batch * height * width, channels]);
  const first = reshape(mul(range(0, batch), height * width), [batch, 1, 1]);
  const read = (row: Tensor, column: Tensor): Tensor => {
    const isInside = logicalAnd(logicalAnd(within(row, height), within(column, width)), isThere);
    const own = add(mul(clipByValue(row, 0, height - 1), width), clipByValue(column, 0, width - 1));
    const found = gather(pixels, cast(add(first, own), "int32")); //                          [batch, row, column, channel]
    const inside = reshape(cast(isInside, "float32"), [...isInside.shape, 1]);
    return add(mul(found, inside), mul(sub(1, inside), spec.fillValue));
  };
  if (spec.interpolation === "nearest") return read(floor(add(y, 0.5)), floor(add(x, 0.5)));
  const [top, left] = [floor(y), floor(x)];
  const [bottom, right] = [add(top, 1), add(left, 1)];
  const share = (far: Tensor) => reshape(far, [...far.shape, 1]);
  const [above, below] = [share(sub(bottom, y)), share(sub(y, top))];
  const [before, after] = [share(sub(right, x)), share(sub(x, left))];
  const across = (row: Tensor) => add(mul(read(row, left), before), mul(read(row, right), after));
  return add(mul(across(top), above), mul(across(bottom), below));
}

const within = (position: Tensor, size: number) =>
  logicalAnd(greaterEqual(position, 0), lessEqual(position, size - 1));

/** Where a position beyond the edge is looked for. */
function positionIn(position: Tensor, size: number, mode: TransformSpec["fillMode"]): Tensor {
  if (mode === "constant") return position;
  if (mode === "nearest" || size === 1) return clipByValue(position, 0, size - 1);
  const isBefore = less(position, 0);
  const isWithin = logicalAnd(greaterEqual(position, 0), lessEqual(position, size - 1));
  const [before, after] = mode === "reflect" ? reflected(position, size) : wrapped(position, size);
  return clipByValue(where(isWithin, position, where(isBefore, before, after)), 0, size - 1);
}

/** Beyond each edge the image follows backward, its edge repeated. */
function reflected(position: Tensor, size: number): [before: Tensor, after: Tensor] {
  const period = 2 * size;
  const back = add(mul(floor(div(neg(position), period)), period), position);
  const before = where(less(back, -size), add(back, period), sub(-1, back));
  const on = sub(position, mul(floor(div(position, period)), period));
  return [before, where(greaterEqual(on, size), sub(period - 1, on), on)];
}

/** Beyond each edge the image begins again, as TensorFlow counts it. */
function wrapped(position: Tensor, size: number): [before: Tensor, after: Tensor] {
  const times = (x: Tensor) => mul(floor(div(x, size - 1)), size);
  return [add(position, add(times(neg(position)), size)), sub(position, times(position))];
}

interface RotationSpec {
  readonly radians: number;
  readonly fillValue: number | readonly [number, number, number];
  readonly center: number | [number, number];
}

/** The part of a rotation that depends on the image: each output is one pixel, or none. */
function rotated(image: Tensor, { radians, center }: RotationSpec): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = image.shape;
  const [centerX, centerY] = backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const positions = new Float32Array(height * width).fill(-1);
  for (let i = 0; i < positions.length; i++) {
    const [x, y] = [(i % width) - centerX, Math.floor(i / width) - centerY];
    const column = Math.round(x * cos - y * sin + centerX);
    const row = Math.round(x * sin + y * cos + centerY);
    if (row >= 0 && row < height && column >= 0 && column < width) positions[i] = row * width + column;
  }
  const at = tensor1d(positions);
  const inside = reshape(cast(greaterEqual(at, 0), "float32"), [1, height * width, 1]);
  const pixels = reshape(image, [batch, height * width, channels]);
  const found = gather(pixels, cast(clipByValue(at, 0, height * width), "int32"), 1); //     [batch, pixel, channel]
  return reshape(mul(found, inside), image.shape);
}
