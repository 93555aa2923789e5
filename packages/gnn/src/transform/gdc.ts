import {
  checkChoice,
  checkFinite,
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkSizes,
  OptionError,
} from "@pellucid/core-train";
import { EigenvalueDecomposition, inverse, Matrix } from "ml-matrix";
import { edgeIndexOfHost, type GraphData, hostEdges } from "../data/graph-data.ts";

/** How to divide the entries of a transition matrix: `"sym"` by the roots of both degrees, `"col"` and `"row"` by one. */
export type TransitionNormalization = "sym" | "col" | "row" | null;

/** How far messages diffuse. */
export type Diffusion =
  | { readonly method: "ppr"; readonly alpha: number }
  | { readonly method: "heat"; readonly t: number }
  | { readonly method: "coeff"; readonly coeffs: readonly number[] };

/** Which entries of the diffusion become edges: those of `eps` or more, as many as an average degree requires, or the `k` largest of each column. */
export type Sparsification =
  | { readonly method: "threshold"; readonly eps: number }
  | { readonly method: "threshold"; readonly avgDegree: number }
  | { readonly method: "topk"; readonly k: number };

/** Options for {@link gdc}. */
export interface GdcOptions {
  /** The weight of the loops that are added first; 0 adds none. Default: 1. */
  readonly selfLoopWeight?: number;
  /** Of the given graph. Default: `"sym"`. */
  readonly normalizationIn?: TransitionNormalization;
  /** Of the new graph. Default: `"col"`. */
  readonly normalizationOut?: TransitionNormalization;
  /** Default: personalized PageRank with `alpha` 0.15. */
  readonly diffusion?: Diffusion;
  /** Default: an average degree of 64. */
  readonly sparsification?: Sparsification;
}

/**
 * Graph diffusion convolution: replaces the edges by those of a sparse diffusion, so that one layer reaches further: PyG's `GDC`, exact. It computes a dense matrix, for up to a few
 * thousand nodes.
 *
 * Personalized PageRank is `α (I − (1 − α) T)⁻¹`, heat `exp(t (T − I))`, coefficients `Σ θₖ Tᵏ`.
 *
 * Gasteiger, Weißenberger and Günnemann, 2019. https://arxiv.org/abs/1911.05485
 *
 * @returns the graph with new edges and their `edgeWeight`; features of edges are left out
 */
export function gdc<Data extends GraphData>(
  graph: Data,
  options: GdcOptions = {},
): Omit<Data, "edgeAttr"> & Required<Pick<GraphData, "edgeIndex" | "edgeWeight">> {
  checkOptions("gdc", options, [
    "selfLoopWeight",
    "normalizationIn",
    "normalizationOut",
    "diffusion",
    "sparsification",
  ]);
  const { selfLoopWeight = 1, normalizationIn = "sym", normalizationOut = "col" } = options;
  const {
    diffusion = { method: "ppr", alpha: 0.15 },
    sparsification = { method: "threshold", avgDegree: 64 },
  } = options;
  checkFinite("gdc", { selfLoopWeight });
  checkChoice("gdc", "normalizationIn", normalizationIn, ["sym", "col", "row", null]);
  checkChoice("gdc", "normalizationOut", normalizationOut, ["sym", "col", "row", null]);
  const { sources, targets, numNodes, weights } = hostEdges(graph);
  const adjacency = Matrix.zeros(numNodes, numNodes);
  const add = (i: number, j: number, w: number) => adjacency.set(i, j, adjacency.get(i, j) + w);
  for (const [e, u] of sources.entries()) add(u, targets[e] ?? NaN, weights?.[e] ?? 1);
  for (let v = 0; v < numNodes; v++) add(v, v, selfLoopWeight);
  const diffused = diffuse(normalized(adjacency, normalizationIn), diffusion);
  const kept = normalized(sparse(diffused, sparsification), normalizationOut);
  const found = Array.from({ length: numNodes * numNodes }, (_, at) => at).filter(
    (at) => kept.get(Math.floor(at / numNodes), at % numNodes) !== 0,
  );
  const { edgeAttr: _, ...rest } = graph;
  return {
    ...rest,
    edgeIndex: edgeIndexOfHost(
      Int32Array.from(found, (at) => Math.floor(at / numNodes)),
      Int32Array.from(found, (at) => at % numNodes),
    ),
    edgeWeight: {
      data: Float32Array.from(found, (at) => kept.get(Math.floor(at / numNodes), at % numNodes)),
      shape: [found.length],
    },
  };
}

function normalized(matrix: Matrix, normalization: TransitionNormalization): Matrix {
  if (normalization === null) return matrix;
  const degrees = matrix.sum(normalization === "row" ? "row" : "column");
  const power = normalization === "sym" ? -0.5 : -1;
  const scale = degrees.map((degree) => (degree === 0 ? 0 : degree ** power));
  const scaled = matrix.clone();
  if (normalization !== "col") scaled.mulColumnVector(scale);
  if (normalization !== "row") scaled.mulRowVector(scale);
  return scaled;
}

function diffuse(transition: Matrix, diffusion: Diffusion): Matrix {
  const identity = Matrix.eye(transition.rows);
  if (diffusion.method === "ppr") {
    const { alpha } = diffusion;
    checkProbabilities("gdc", { alpha });
    return inverse(Matrix.add(identity, Matrix.mul(transition, alpha - 1))).mul(alpha);
  }
  if (diffusion.method === "heat") {
    checkNotNegative("gdc", { t: diffusion.t });
    return exponential(Matrix.sub(transition, identity).mul(diffusion.t));
  }
  checkChoice("gdc", "diffusion", diffusion.method, ["coeff"]);
  const [first = 0, ...others] = diffusion.coeffs;
  let power = identity;
  const sum = Matrix.mul(identity, first);
  for (const coefficient of others) {
    power = power.mmul(transition);
    sum.add(Matrix.mul(power, coefficient));
  }
  return sum;
}

/** `exp(A)`: by eigenvalues if it is symmetric, otherwise by squaring a Taylor series. */
function exponential(matrix: Matrix): Matrix {
  const asymmetry = Matrix.sub(matrix, matrix.transpose()).abs().max();
  if (asymmetry < 1e-12) {
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    });
    return eigenvectorMatrix
      .clone()
      .mulRowVector(realEigenvalues.map(Math.exp))
      .mmul(eigenvectorMatrix.transpose());
  }
  const squarings = Math.max(0, Math.ceil(Math.log2(matrix.norm("frobenius"))) + 4);
  const small = Matrix.mul(matrix, 2 ** -squarings);
  let term = Matrix.eye(matrix.rows);
  let sum = term.clone();
  for (let k = 1; k <= 14; k++) {
    term = term.mmul(small).mul(1 / k);
    sum.add(term);
  }
  for (let i = 0; i < squarings; i++) sum = sum.mmul(sum);
  return sum;
}

function sparse(matrix: Matrix, sparsification: Sparsification): Matrix {
  const count = matrix.rows;
  if (sparsification.method === "topk") {
    checkSizes("gdc", { k: sparsification.k });
    const kept = Matrix.zeros(count, count);
    for (let j = 0; j < count; j++) {
      const column = matrix.getColumn(j);
      const order = [...column.keys()].toSorted((a, b) => (column[b] ?? NaN) - (column[a] ?? NaN) || a - b);
      for (const i of order.slice(0, sparsification.k)) kept.set(i, j, column[i] ?? NaN);
    }
    return kept;
  }
  checkChoice("gdc", "sparsification", sparsification.method, ["threshold"]);
  const eps = "eps" in sparsification ? sparsification.eps : epsOf(matrix, sparsification.avgDegree);
  const kept = matrix.clone();
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) if (kept.get(i, j) < eps) kept.set(i, j, 0);
  return kept;
}

/** The least entry that is kept for an average degree. */
function epsOf(matrix: Matrix, avgDegree: number): number {
  if (!(avgDegree > 0)) throw new OptionError("gdc", "avgDegree", avgDegree, "a number above 0");
  const sorted = Float64Array.from(matrix.to1DArray()).toSorted().toReversed();
  const kept = Math.floor(matrix.rows * avgDegree);
  return kept >= sorted.length ? -Infinity : ((sorted[kept - 1] ?? NaN) + (sorted[kept] ?? NaN)) / 2;
}
