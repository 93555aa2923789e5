import {
  checkArguments,
  checkChoice,
  checkOptions,
  checkRecord,
  checkSizeArray,
  DataError,
  type HostTensor,
} from "@pellucid/core-train";
import { NeighborIndex, type NeighborIndexOptions } from "./neighbor-index.ts";

/** Embeddings on the host and what they are of. */
export interface Gallery {
  /** `[row, feature]` */
  readonly embeddings: HostTensor;
  readonly labels: ArrayLike<number>;
}

/** Options for {@link retrievalScores}. */
export interface RetrievalOptions extends NeighborIndexOptions {
  /** Where neighbors are searched. Default: among the queries themselves, each without itself. */
  readonly reference?: Gallery;
  /** Whether averages are over queries, or over the averages of each class. Default: `"query"`. */
  readonly average?: "query" | "class";
  /** For which `k` the recall is computed. Default: 1, 2, 4, 8. */
  readonly ks?: readonly number[];
}

/** How well neighbors are of the query's class; averages over the queries whose class has another member, NaN if there is none. */
export interface RetrievalScores {
  /** The share of queries whose nearest neighbor is right. */
  readonly precisionAt1: number;
  /** The share of right ones among the `R` nearest, where `R` is the number of members of the class. */
  readonly rPrecision: number;
  /** The mean average precision over all neighbors. */
  readonly meanAveragePrecision: number;
  /** The mean average precision of the `R` nearest, divided by `R`. Musgrave et al., 2020. https://arxiv.org/abs/2003.08505 */
  readonly mapAtR: number;
  /** The mean of one over the rank of the first right neighbor. */
  readonly meanReciprocalRank: number;
  /** By `k`, the share of queries with at least one right neighbor among the `k` nearest: "recall at k" in this field. */
  readonly recallAt: Readonly<Record<number, number>>;
  /** By `k`, the share of a class's members among the `k` nearest: recall as in information retrieval. */
  readonly memberRecallAt: Readonly<Record<number, number>>;
}

/**
 * The scores of nearest-neighbor retrieval, as pytorch-metric-learning's `AccuracyCalculator`. A query is not its own neighbor, and queries whose class has no other member are left out of every average.
 *
 * @throws {StructError} for what is not a gallery
 * @throws {DataError} unless there is a label for each embedding
 * @throws {OptionError} for a wrong option
 */
export function retrievalScores(query: Gallery, options: RetrievalOptions = {}): RetrievalScores {
  checkOptions("retrievalScores", options, ["metric", "reference", "average", "ks"]);
  const { reference = query, average = "query", ks = [1, 2, 4, 8], ...how } = options;
  checkGallery("retrievalScores", query);
  checkChoice("retrievalScores", "average", average, ["query", "class"]);
  checkSizeArray("retrievalScores", "ks", ks);
  checkGallery("retrievalScores", reference);
  const index = new NeighborIndex(reference.embeddings.shape[1] ?? 0, how);
  index.add(reference.embeddings);
  const own = Int32Array.from({ length: query.labels.length }, (_, i) => (reference === query ? i : -1));
  const found = index.search(query.embeddings, Math.max(1, index.length), own);
  const counts = new Map<number, number>();
  for (let i = 0; i < reference.labels.length; i++) {
    const label = reference.labels[i] ?? NaN;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const rows = found.flatMap((neighbors, i) => {
    const label = query.labels[i] ?? NaN;
    const members = (counts.get(label) ?? 0) - (reference === query ? 1 : 0);
    if (members <= 0) return [];
    return [
      {
        label,
        members,
        hits: neighbors.map((neighbor) => Number(reference.labels[neighbor.index] === label)),
      },
    ];
  });
  const mean = (score: (row: Row) => number) => averaged(rows, score, average);
  const at = (score: (row: Row, k: number) => number) =>
    Object.fromEntries(ks.map((k) => [k, mean((row) => score(row, k))]));
  return {
    precisionAt1: mean(({ hits }) => hits[0] ?? NaN),
    rPrecision: mean(({ hits, members }) => total(hits.slice(0, members)) / members),
    meanAveragePrecision: mean(({ hits, members }) => precisionSum(hits) / members),
    mapAtR: mean(({ hits, members }) => precisionSum(hits.slice(0, members)) / members),
    meanReciprocalRank: mean(({ hits }) => (hits.includes(1) ? 1 / (hits.indexOf(1) + 1) : 0)),
    recallAt: at(({ hits }, k) => Number(hits.slice(0, k).includes(1))),
    memberRecallAt: at(({ hits, members }, k) => total(hits.slice(0, k)) / members),
  };
}

interface Row {
  readonly label: number;
  readonly members: number;
  /** Of each neighbor, nearest first, whether it is right. */
  readonly hits: readonly number[];
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

function averaged(rows: readonly Row[], score: (row: Row) => number, average: "query" | "class"): number {
  if (average === "query") return total(rows.map(score)) / rows.length;
  const classes = [...new Set(rows.map(({ label }) => label))];
  const each = classes.map((label) =>
    averaged(
      rows.filter((row) => row.label === label),
      score,
      "query",
    ),
  );
  return total(each) / each.length;
}

/** The sum of the precision at each right neighbor. */
function precisionSum(hits: readonly number[]): number {
  let right = 0;
  return hits.reduce((sum, hit, i) => (hit === 1 ? sum + ++right / (i + 1) : sum), 0);
}

/** Throws a `StructError` for what is not a gallery, and a `DataError` unless there is a label for each embedding. */
export function checkGallery(caller: string, gallery: Gallery): void {
  checkRecord(caller, "the gallery", gallery, ["embeddings", "labels"]);
  const { embeddings, labels } = gallery;
  checkArguments(caller, { "{ data, shape }": { embeddings }, numbers: { labels } });
  if (embeddings.shape[0] !== labels.length)
    throw new DataError(
      `${caller}: embeddings is [${embeddings.shape.join(", ")}], expected one row for each of ${labels.length} labels.`,
    );
}
