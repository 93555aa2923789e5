import { DatasetError } from "../dataset-error.ts";
import { PickledObject } from "./read-pickle.ts";

/** A matrix, row-major. */
export interface Matrix {
  readonly data: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

const readers: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  f4: (view, at) => view.getFloat32(at, true),
  f8: (view, at) => view.getFloat64(at, true),
  i4: (view, at) => view.getInt32(at, true),
  i8: (view, at) => Number(view.getBigInt64(at, true)),
  u1: (view, at) => view.getUint8(at),
  b1: (view, at) => view.getUint8(at),
};

/** The numbers of a pickled NumPy array and its shape. */
export function pickledArray(
  value: unknown,
  name: string,
): { readonly data: number[]; readonly shape: readonly number[] } {
  const wrong = (found: string) =>
    new DatasetError("format", `${name}: found ${found}, expected a NumPy array.`);
  if (
    !(value instanceof PickledObject) ||
    !value.type.endsWith("multiarray._reconstruct") ||
    !Array.isArray(value.state)
  )
    throw wrong(value instanceof PickledObject ? value.type : typeof value);
  const [, shape, dtype, isFortran, raw] = value.state as [
    number,
    number[],
    PickledObject,
    boolean,
    Uint8Array | string,
  ];
  const kind = String(dtype?.args?.[0]);
  const read = readers[kind];
  const order = Array.isArray(dtype?.state) ? (dtype.state as unknown[])[1] : "<";
  if (read === undefined || order === ">" || isFortran === true)
    throw wrong(`an array of ${String(order)}${kind}${isFortran === true ? " in columns" : ""}`);
  const bytes = typeof raw === "string" ? Uint8Array.from(raw, (character) => character.charCodeAt(0)) : raw;
  const size = shape.reduce((product, n) => product * n, 1);
  const width = Number(kind.slice(1));
  if (bytes.length !== size * width)
    throw wrong(`${bytes.length} bytes for [${shape.join(", ")}] of ${kind}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { data: Array.from({ length: size }, (_, i) => read(view, i * width)), shape };
}

/** A pickled matrix: a NumPy array of two axes, or a SciPy matrix of compressed sparse rows. */
export function pickledMatrix(value: unknown, name: string): Matrix {
  if (value instanceof PickledObject && /csr_(matrix|array)$/.test(value.type)) {
    const state = value.state as Map<string, unknown>;
    const shape = (state.get("_shape") ?? state.get("shape")) as [number, number] | undefined;
    const part = (of: string) => pickledArray(state.get(of), `${name}, ${of}`).data;
    const [entries, columns, starts] = [part("data"), part("indices"), part("indptr")];
    if (shape === undefined || starts.length !== shape[0] + 1 || entries.length !== columns.length)
      throw new DatasetError("format", `${name}: the parts of a sparse matrix do not fit together.`);
    const data = new Float32Array(shape[0] * shape[1]);
    for (let row = 0; row < shape[0]; row++)
      for (let i = starts[row] ?? NaN; i < (starts[row + 1] ?? NaN); i++) {
        const at = row * shape[1] + (columns[i] ?? NaN);
        data[at] = (data[at] ?? NaN) + (entries[i] ?? NaN);
      }
    return { data, shape: [shape[0], shape[1]] };
  }
  const { data, shape } = pickledArray(value, name);
  if (shape.length !== 2)
    throw new DatasetError("format", `${name}: found [${shape.join(", ")}], expected two axes.`);
  return { data: Float32Array.from(data), shape: shape as [number, number] };
}
