import type { Splits } from "../splits.ts";
import { Table } from "../table.ts";

/** How many rows are drawn. */
export interface RowsOptions {
  /** How many rows to train on. Default: 400. */
  readonly train?: number;
  /** How many to test on. Default: 100. */
  readonly test?: number;
}

/** A table whose rows `draw` makes in order: those to train on, then those to test on. */
export function drawTable<Targets extends Int32Array | Float32Array>(
  { train = 400, test = 100 }: RowsOptions,
  columns: readonly string[],
  targets: new (length: number) => Targets,
  draw: (index: number) => { readonly x: readonly number[]; readonly y: number },
): Splits<Table<Targets>> {
  const part = (length: number): Table<Targets> => {
    const features = new Float32Array(length * columns.length);
    const ys = new targets(length);
    for (let i = 0; i < length; i++) {
      const { x, y } = draw(i);
      features.set(x, i * columns.length);
      ys[i] = y;
    }
    return new Table(
      { data: features, shape: [length, columns.length] },
      { data: ys, shape: [length] },
      columns,
    );
  };
  return { train: part(train), test: part(test) };
}
