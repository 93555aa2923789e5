import type { HostData, HostTensor } from "@pellucid/core-train";
import { rowOf, rowsOf } from "./rows.ts";

/** One row of features with what is to be told from them. */
export interface TableRow {
  /** `[feature]` */
  readonly x: HostTensor<Float32Array>;
  readonly y: number;
}

/**
 * Rows of features in memory with a target each: a `Dataset`, and the arrays it is made of.
 *
 * Targets are classes in an `Int32Array` or numbers in a `Float32Array`.
 */
export class Table<Targets extends HostData = HostData> {
  /** `[row, feature]` */
  readonly features: HostTensor<Float32Array>;
  /** `[row]` */
  readonly targets: HostTensor<Targets>;
  /** The name of each feature. */
  readonly columns: readonly string[];

  constructor(features: HostTensor<Float32Array>, targets: HostTensor<Targets>, columns: readonly string[]) {
    this.features = features;
    this.targets = targets;
    this.columns = columns;
  }

  get length(): number {
    return this.targets.data.length;
  }

  /** The size of one row: `[feature]`. */
  get shape(): readonly number[] {
    return this.features.shape.slice(1);
  }

  /** A copy of row `index`, and its target. */
  get(index: number): TableRow {
    return { x: rowOf(this.features, index), y: this.targets.data[index] as number };
  }

  /** Only these rows, in this order. */
  take(indices: ArrayLike<number>): Table<Targets> {
    return new Table(rowsOf(this.features, indices), rowsOf(this.targets, indices), this.columns);
  }
}
