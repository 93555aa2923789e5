/** Values on the host with their shape, in row-major order: the content of files, and the result of initializers. */
export interface HostTensor<Data extends HostData = HostData> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** The arrays of numbers that tensors are made from. */
export type HostData = Float32Array | Int32Array | Uint8Array;

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
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
  const { data, shape } = tensor;
  const to = axes.map((axis) => shape[axis] ?? 1);
  const result = emptyLike(data) as Data;
  const strides = stridesOf(shape);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  copyPermuted(data, result, to, steps);
  return { data: result, shape: to };
}

function emptyLike(data: HostData): HostData {
  if (data instanceof Float32Array) return new Float32Array(data.length);
  return data instanceof Int32Array ? new Int32Array(data.length) : new Uint8Array(data.length);
}

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)));
}

interface Axis {
  readonly size: number;
  /** From one element to the next, in the source and in the result. */
  readonly step: number;
  readonly stride: number;
}

/**
 * Copies matrices, one for each index of the other axes: a row follows the axis whose elements are neighbors in the source, a column the last
 * one, whose elements are neighbors in the result.
 */
function copyPermuted(
  data: HostData,
  result: HostData,
  to: readonly number[],
  steps: readonly number[],
): void {
  const strides = stridesOf(to);
  const all = to.map((size, i): Axis => ({ size, step: steps[i] ?? 0, stride: strides[i] ?? 0 }));
  const columns = all.at(-1) ?? ONE;
  const near = all.findLastIndex(({ step, size }) => step === 1 && size > 1);
  const rows = columns.step === 1 ? ONE : (all[near] ?? ONE);
  const outer = all.filter((axis) => axis !== rows && axis !== columns);
  const copy = (depth: number, from: number, at: number): void => {
    const axis = outer[depth];
    if (axis === undefined) copyMatrix(data, from, result, at, rows, columns);
    else for (let i = 0; i < axis.size; i++) copy(depth + 1, from + i * axis.step, at + i * axis.stride);
  };
  copy(0, 0, 0);
}

const ONE: Axis = { size: 1, step: 1, stride: 1 };

/** In tiles: a processor's cache loses a row before its next column, where rows are long. */
function copyMatrix(
  data: HostData,
  from: number,
  result: HostData,
  at: number,
  rows: Axis,
  columns: Axis,
): void {
  for (let top = 0; top < rows.size; top += TILE) {
    const bottom = Math.min(top + TILE, rows.size);
    for (let left = 0; left < columns.size; left += TILE) {
      const right = Math.min(left + TILE, columns.size);
      for (let row = top; row < bottom; row++) {
        const source = from + row * rows.step;
        const target = at + row * rows.stride;
        for (let k = left; k < right; k++) result[target + k] = data[source + k * columns.step] as number;
      }
    }
  }
}

const TILE = 32;
