import { type HostData, type HostTensor, sizeOf } from "../host-tensor.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { mapHostTensors } from "./map-host-tensors.ts";

/** Arrays with one row for each item, or records and lists of them. */
export type HostRows = HostTensor | readonly HostRows[] | { readonly [name: string]: HostRows };

/** One row of each array: `[items, …shape]` gives `[…shape]`. */
export type RowOf<Fields> = Fields extends { readonly data: HostData }
  ? Row<Fields>
  : { readonly [Name in keyof Fields]: RowOf<Fields[Name]> };

type Row<Field> = Field extends {
  readonly data: infer Data;
  readonly shape: readonly [number, ...infer Shape];
}
  ? { readonly data: Data; readonly shape: Readonly<Shape> }
  : Field;

/** Some rows of each array. */
export type Gathered<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends HostTensor ? HostTensor : Gathered<Fields[Name]>;
};

/**
 * Items that lie in memory as arrays, row `i` of each array being item `i`: PyTorch's `TensorDataset`, with names. A field may be
 * a record or list of arrays. Batches are gathered row by row; no item is ever made for them.
 *
 * ```ts
 * const digits = new TensorDataset({
 *   x: { data: pixels, shape: [1797, 8, 8, 1] },
 *   y: { data: labels, shape: [1797] },
 * });
 * ```
 *
 * @throws DataError where the arrays do not have equally many rows, or a label is NaN
 */
export class TensorDataset<const Fields extends Readonly<Record<string, HostRows>>> implements Dataset<
  RowOf<Fields>
> {
  readonly fields: Fields;
  readonly length: number;

  constructor(fields: Fields) {
    this.fields = fields;
    this.length = rowsOf(fields);
  }

  /** The rows as views of the arrays: not to be written to. */
  get(index: number): RowOf<Fields> {
    const { length, fields } = this;
    if (!Number.isInteger(index) || index < 0 || index >= length)
      throw new DataError(`TensorDataset: item ${index} does not exist, there are ${length}.`);
    return mapHostTensors(fields, ({ data, shape }) => {
      const rest = shape.slice(1);
      const size = sizeOf(rest);
      return { data: data.subarray(index * size, (index + 1) * size), shape: rest };
    }) as RowOf<Fields>;
  }

  gather(indices: Int32Array): Gathered<Fields> {
    return mapHostTensors(this.fields, (field) => rows(field, indices)) as Gathered<Fields>;
  }
}

function rowsOf(fields: Readonly<Record<string, HostRows>>): number {
  const entries: [name: string, field: HostTensor][] = [];
  mapHostTensors(fields, (field, name) => entries.push([name, field]));
  const [first] = entries;
  if (first === undefined) throw new DataError("TensorDataset: there are no fields.");
  const length = first[1].shape[0] ?? 0;
  for (const [name, { data, shape }] of entries) {
    if (shape[0] !== length)
      throw new DataError(
        `TensorDataset: ${name} is [${shape.join(", ")}], expected ${length} rows as in ${first[0]}.`,
      );
    if (data.length !== sizeOf(shape))
      throw new DataError(
        `TensorDataset: ${name} has ${data.length} numbers, expected ${sizeOf(shape)} for [${shape.join(", ")}].`,
      );
    const wrong = shape.length === 1 ? data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (wrong !== -1)
      throw new DataError(
        `TensorDataset: ${name} of item ${wrong} is ${data[wrong]}, expected a finite number.`,
        {
          item: wrong,
        },
      );
  }
  return length;
}

function rows({ data, shape }: HostTensor, indices: Int32Array): HostTensor {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  const result = emptyLike(data, indices.length * size);
  if (size === 1) for (let i = 0; i < indices.length; i++) result[i] = data[indices[i] ?? NaN] ?? NaN;
  else
    for (let i = 0; i < indices.length; i++) {
      const start = (indices[i] ?? NaN) * size;
      result.set(data.subarray(start, start + size), i * size);
    }
  return { data: result, shape: [indices.length, ...rest] };
}

function emptyLike(data: HostData, length: number): HostData {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
