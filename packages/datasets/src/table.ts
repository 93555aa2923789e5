import { checkArguments } from "@pellucid/core-train";
import type { Dataset, HostData } from "@pellucid/core-train";
import { type HostArray, rowOf, rowsOf } from "./rows.ts";

/** One row of features with its target. */
export interface TableRow {
  readonly x: HostArray<Float32Array, readonly [feature: number]>;
  readonly y: number;
}

/**
 * Rows of features in memory with a target each: a `Dataset`, and the arrays it is made of.
 *
 * Targets are classes in an `Int32Array` or numbers in a `Float32Array`.
 */
export class Table<Targets extends HostData = HostData> implements Dataset<TableRow> {
  /** `[row, feature]` */
  readonly features: HostArray<Float32Array, readonly [number, number]>;
  /** `[row]` */
  readonly targets: HostArray<Targets, readonly [number]>;
  /** The name of each feature. */
  readonly columns: readonly string[];

  constructor(
    features: HostArray<Float32Array, readonly [number, number]>,
    targets: HostArray<Targets, readonly [number]>,
    columns: readonly string[],
  ) {
    checkArguments("Table", { "{ shape, data }": { features, targets }, "text[]": { columns } });
    this.features = features;
    this.targets = targets;
    this.columns = columns;
  }

  get length(): number {
    return this.targets.data.length;
  }

  /** The size of one row: `[feature]`. */
  get shape(): readonly [feature: number] {
    return [this.features.shape[1]];
  }

  /** A copy of row `index`, and its target. */
  get(index: number): TableRow {
    return { x: rowOf(this.features, index), y: this.targets.data[index] ?? NaN };
  }

  /** Many rows with their targets, as arrays: `batches` takes them so. */
  gather(indices: Int32Array): {
    x: HostArray<Float32Array, readonly [number, number]>;
    y: HostArray<Targets, readonly [number]>;
  } {
    return { x: rowsOf(this.features, indices), y: rowsOf(this.targets, indices) };
  }

  /** Only these rows, in this order. */
  take(indices: ArrayLike<number>): Table<Targets> {
    return new Table(rowsOf(this.features, indices), rowsOf(this.targets, indices), this.columns);
  }
}
