import {
  checkChoice,
  checkOptions,
  checkSizes,
  DataError,
  type HostTensor,
  ShapeError,
} from "@pellucid/core-train";

/** A neighbor of a query. */
export interface Neighbor {
  /** Its number in the order of adding. */
  readonly index: number;
  /** Euclid's distance; for the cosine, one minus it. */
  readonly distance: number;
}

/** Options for {@link NeighborIndex}. */
export interface NeighborIndexOptions {
  /** Default: `"euclidean"`. */
  readonly metric?: "euclidean" | "cosine";
}

/** Embeddings that can be searched for the nearest ones: exactly, in 64 bits, ties in the order of adding. */
export class NeighborIndex {
  readonly features: number;
  readonly metric: "euclidean" | "cosine";
  readonly #rows: Float64Array[] = [];

  /** @throws {OptionError} for features that are not an integer above 0, or an unknown metric */
  constructor(features: number, options: NeighborIndexOptions = {}) {
    checkOptions("NeighborIndex", options, ["metric"]);
    const { metric = "euclidean" } = options;
    checkSizes("NeighborIndex", { features });
    checkChoice("NeighborIndex", "metric", metric, ["euclidean", "cosine"]);
    this.features = features;
    this.metric = metric;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** @param embeddings `[row, feature]` */
  add(embeddings: HostTensor): void {
    this.#rows.push(...this.#read("add", embeddings));
  }

  /**
   * The `k` nearest of each query, or all if there are fewer.
   *
   * @param queries `[row, feature]`
   * @param except for each query the index of one not to find: itself
   */
  search(queries: HostTensor, k: number, except?: ArrayLike<number>): Neighbor[][] {
    checkSizes("NeighborIndex.search", { k });
    const rows = this.#rows;
    return this.#read("search", queries).map((query, i) => {
      const found: Neighbor[] = [];
      for (const [index, row] of rows.entries())
        if (index !== except?.[i]) found.push({ index, distance: this.#distance(query, row) });
      return found.toSorted((a, b) => a.distance - b.distance || a.index - b.index).slice(0, k);
    });
  }

  #distance(a: Float64Array, b: Float64Array): number {
    let sum = 0;
    const isCosine = this.metric === "cosine";
    for (let i = 0; i < a.length; i++)
      sum += isCosine ? (a[i] ?? NaN) * (b[i] ?? NaN) : ((a[i] ?? NaN) - (b[i] ?? NaN)) ** 2;
    return isCosine ? 1 - sum : Math.sqrt(sum);
  }

  #read(caller: string, { data, shape }: HostTensor): Float64Array[] {
    const { features, metric } = this;
    if (shape.length !== 2 || shape[1] !== features)
      throw new ShapeError(
        `NeighborIndex.${caller}: embeddings is [${shape.join(", ")}], expected [row, ${features}].`,
      );
    return Array.from({ length: shape[0] ?? 0 }, (_, i) => {
      const row = Float64Array.from(data.subarray(i * features, (i + 1) * features));
      const wrong = row.findIndex((value) => !Number.isFinite(value));
      if (wrong !== -1)
        throw new DataError(
          `NeighborIndex.${caller}: element ${wrong} of row ${i} is ${row[wrong]}, expected a finite number.`,
        );
      if (metric === "euclidean") return row;
      const length = Math.max(1e-12, Math.hypot(...row));
      return row.map((value) => value / length);
    });
  }
}
