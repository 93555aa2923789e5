import { type HostData, type HostTensor, sizeOf } from "@pellucid/core-train";

/** A copy of row `index`: a view would send the whole array along to a worker. */
export function rowOf<Data extends HostData>(tensor: HostTensor<Data>, index: number): HostTensor<Data> {
  const [length = 0, ...shape] = tensor.shape;
  checkIndex(index, length);
  const size = sizeOf(shape);
  return { data: tensor.data.slice(index * size, (index + 1) * size) as Data, shape };
}

/** A copy of the rows at `indices`, in that order. */
export function rowsOf<Data extends HostData>(
  tensor: HostTensor<Data>,
  indices: ArrayLike<number>,
): HostTensor<Data> {
  const [length = 0, ...shape] = tensor.shape;
  const size = sizeOf(shape);
  const data = new (tensor.data.constructor as new (length: number) => Data)(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    checkIndex(index, length);
    data.set(tensor.data.subarray(index * size, (index + 1) * size), i * size);
  }
  return { data, shape: [indices.length, ...shape] };
}

/** Throws unless there is an example of this number. */
export function checkIndex(index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new RangeError(
    `Dataset: there is no example ${index}, expected a whole number from 0 to ${length - 1}.`,
  );
}
