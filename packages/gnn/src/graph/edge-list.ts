import { checkTensor, DtypeError, IndexError, ShapeError, sizeAlong } from "@pellucid/core-train";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { type Csr, groupEdges } from "./group-edges.ts";

/**
 * The edges of a graph on the host, where they are grouped, checked and changed. It never changes, and what is derived from it is
 * computed once.
 */
export class EdgeList {
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly #derived = new Map<string, unknown>();

  constructor(source: Int32Array, target: Int32Array) {
    this.source = source;
    this.target = target;
  }

  /** How many edges there are. */
  get length(): number {
    return this.source.length;
  }

  /** The largest id of a source, -1 without edges. */
  get lastSource(): number {
    return this.derive("lastSource", () => largest(this.source));
  }

  /** The largest id of a target, -1 without edges. */
  get lastTarget(): number {
    return this.derive("lastTarget", () => largest(this.target));
  }

  /** The edges grouped by target, as aggregation needs them. */
  byTarget(rows: number): Csr {
    return this.derive(`byTarget ${rows}`, () => groupEdges(this.target, this.source, rows));
  }

  /** The edges grouped by source, as the gradient of aggregation needs them. */
  bySource(rows: number): Csr {
    return this.derive(`bySource ${rows}`, () => groupEdges(this.source, this.target, rows));
  }

  /** The edges the other way around. */
  get reversed(): EdgeList {
    return this.derive("reversed", () => new EdgeList(this.target, this.source));
  }

  /** What `compute` gives, the first time that `name` is asked for. */
  derive<T>(name: string, compute: () => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, compute());
    return this.#derived.get(name) as T;
  }
}

const lists = new WeakMap<object, EdgeList>();

/**
 * The edges of an `edgeIndex` on the host. They are read and checked the first time; a copy of the tensor shares the result.
 *
 * @param edgeIndex int32 `[2, edge]`: row 0 has the sources, row 1 the targets
 * @throws {ShapeError} For another shape.
 * @throws {DtypeError} For floats.
 * @throws {IndexError} For a negative id.
 */
export function edgesOf(edgeIndex: Tensor, caller = "edgesOf"): EdgeList {
  checkTensor(caller, "edgeIndex", edgeIndex, "[2, edge]");
  const known = lists.get(edgeIndex.dataId);
  if (known !== undefined) return known;
  if (edgeIndex.rank !== 2 || edgeIndex.shape[0] !== 2) {
    throw new ShapeError(
      `${caller}: edgeIndex is [${edgeIndex.shape.join(", ")}], expected [2, edge], the sources above the targets.`,
    );
  }
  if (edgeIndex.dtype !== "int32") {
    throw new DtypeError(
      `${caller}: edgeIndex is ${edgeIndex.dtype}, expected int32. Make it by tensor2d(…, "int32").`,
    );
  }
  const ids = edgeIndex.dataSync<"int32">();
  const negative = ids.find((id) => id < 0);
  if (negative !== undefined) {
    throw new IndexError(
      `${caller}: edgeIndex has the id ${negative}, expected 0 or more. Nodes are counted from 0.`,
    );
  }
  const edges = sizeAlong(edgeIndex, 1);
  return registerEdges(edgeIndex as Tensor2D, new EdgeList(ids.slice(0, edges), ids.slice(edges)));
}

/** Lets {@link edgesOf} find the edges that a tensor was made from. */
export function registerEdges(edgeIndex: Tensor2D, edges: EdgeList): EdgeList {
  lists.set(edgeIndex.dataId, edges);
  return edges;
}

function largest(ids: Int32Array): number {
  let last = -1;
  for (const id of ids) if (id > last) last = id;
  return last;
}
