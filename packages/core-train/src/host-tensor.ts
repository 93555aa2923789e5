import { checkHostTensor } from "./check-host-tensor.ts";
import { found } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/** Values on the host with their shape, in row-major order: the content of files, and the result of initializers. */
export interface HostTensor<Data extends HostData = HostData> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** The arrays of numbers that tensors are made from. */
export type HostData = Float32Array | Int32Array | Uint8Array;

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  checkArray("sizeOf", "shape", shape);
  return shape.reduce((size, dimension) => size * dimension, 1);
}

function checkArray(caller: string, name: string, x: unknown): void {
  if (!Array.isArray(x))
    throw new StructError(`${caller}: ${name} is ${found(x)}, expected an array of integers.`);
}

/**
 * Reorders axes: axis `i` of the result is axis `axes[i]` of `tensor`, as `torch.permute`.
 *
 * @returns a copy, even if the order does not change
 */
export function permute<Data extends HostData>(
  tensor: HostTensor<Data>,
  axes: readonly number[],
): HostTensor<Data> {
  checkHostTensor("permute", "tensor", tensor);
  checkArray("permute", "axes", axes);
  const { data, shape } = tensor;
  const to = axes.map((axis) => shape[axis] ?? 1);
  const [steps, strides] = [stridesOf(shape), stridesOf(to)];
  const all = axes.map((axis, i): Axis => [to[i] ?? 1, steps[axis] ?? 1, strides[i] ?? 1]);
  const result = new (data.constructor as new (length: number) => Data)(data.length);
  copyPermuted(data, result, all);
  return { data: result, shape: to };
}

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)));
}

/** From one element to the next, in the source and in the result. */
type Axis = readonly [size: number, step: number, stride: number];

/**
 * Copies matrices, one for each index of the other axes: the elements of a column are neighbors in the source, those of a row in the result. Eight
 * rows at a time, so that a line of the processor's cache is read once and few are written.
 */
function copyPermuted(data: HostData, result: HostData, axes: readonly Axis[]): void {
  const row = axes.at(-1) ?? ONE;
  const column = axes.findLast(([size, step]) => step === 1 && size > 1) ?? ONE;
  const [height, , stride] = column === row ? ONE : column;
  const [width, step] = row;
  const copy = (from: number, to: number, [axis, ...inner]: readonly Axis[]): void => {
    if (axis !== undefined)
      for (let i = 0; i < axis[0]; i++) copy(from + i * axis[1], to + i * axis[2], inner);
    else {
      let y = 0;
      for (; y <= height - 8; y += 8)
        for (
          let x = 0, source = from + y, target = to + y * stride;
          x < width;
          x++, source += step, target++
        ) {
          result[target] = data[source] as number;
          result[target + stride] = data[source + 1] as number;
          result[target + 2 * stride] = data[source + 2] as number;
          result[target + 3 * stride] = data[source + 3] as number;
          result[target + 4 * stride] = data[source + 4] as number;
          result[target + 5 * stride] = data[source + 5] as number;
          result[target + 6 * stride] = data[source + 6] as number;
          result[target + 7 * stride] = data[source + 7] as number;
        }
      for (; y < height; y++)
        for (let x = 0; x < width; x++) result[to + y * stride + x] = data[from + y + x * step] as number;
    }
  };
  copy(
    0,
    0,
    axes.filter((axis) => axis !== row && axis !== column),
  );
}

const ONE: Axis = [1, 1, 1];
