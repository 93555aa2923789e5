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
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const to = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const result = data.slice() as Data;
  const last = to.length - 1;
  const [inner = 1, step = 0] = [to[last], steps[last]];
  const index = to.map(() => 0);
  let from = 0;
  for (let i = 0; i < result.length; i += inner) {
    for (let k = 0; k < inner; k++) result[i + k] = data[from + k * step] as number;
    for (let axis = last - 1; axis >= 0; axis--) {
      from += steps[axis] as number;
      if (++(index[axis] as number) < (to[axis] as number)) break;
      from -= (steps[axis] as number) * (to[axis] as number);
      index[axis] = 0;
    }
  }
  return { data: result, shape: to };
}
