import { DataError, type HostData, type HostTensor, sizeOf } from "@pellucid/core-train";

/** A `HostTensor` whose rank is known to the compiler. */
export interface HostArray<Data extends HostData, Shape extends readonly number[]> extends HostTensor<Data> {
  readonly shape: Shape;
}

/** A copy of row `index`: a view would send the whole array along to a worker. */
export function rowOf<Data extends HostData, Shape extends readonly number[]>(
  tensor: HostArray<Data, readonly [number, ...Shape]>,
  index: number,
): HostArray<Data, Shape> {
  const [length, ...shape] = tensor.shape;
  checkItem(index, length);
  const size = sizeOf(shape);
  return { data: tensor.data.slice(index * size, (index + 1) * size) as Data, shape: shape as Shape };
}

/** A copy of the rows at `indices`, in that order. */
export function rowsOf<Data extends HostData, Shape extends readonly number[]>(
  tensor: HostArray<Data, readonly [number, ...Shape]>,
  indices: ArrayLike<number>,
): HostArray<Data, readonly [number, ...Shape]> {
  const [length, ...rest] = tensor.shape;
  const shape = rest as Shape;
  const size = sizeOf(shape);
  const data = new (tensor.data.constructor as new (length: number) => Data)(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? NaN;
    checkItem(index, length);
    data.set(tensor.data.subarray(index * size, (index + 1) * size), i * size);
  }
  return { data, shape: [indices.length, ...shape] };
}

/** Throws unless a dataset of this length has this item. */
export function checkItem(index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new DataError(`Dataset: item ${index} does not exist, there are ${length}.`);
}
