import {
  checkChoice,
  checkOptions,
  checkPositive,
  checkShape,
  checkSizes,
  ShapeError,
} from "@pellucid/core-train";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { EdgeList } from "../graph/edge-list.ts";
import { groupsOf } from "../propagate/groups.ts";

/** Options for {@link radiusGraph}. */
export interface RadiusGraphOptions {
  /** The graph of each point, int32 `[point]`, in any order: only points of one graph are joined. Default: all are of one. */
  readonly batch?: Tensor1D | undefined;
  /** Whether each point is joined to itself. Default: false. */
  readonly loop?: boolean;
  /** How many neighbors a point has at most: the nearest of them. Default: 32. */
  readonly maxNumNeighbors?: number;
}

/**
 * Joins the points that are at most `r` apart: an edge from each neighbor `j` to each point `i` with `|xᵢ - xⱼ| ≤ r`, in the order of the points.
 *
 * PyG's `radius_graph`. Of more than `maxNumNeighbors` it takes the first that its search finds, which depend on the device; here they are the nearest, those of the smaller number first.
 * The positions are read on the host.
 *
 * @param pos `[point, coordinate]`
 * @returns int32 `[2, edge]`
 */
export function radiusGraph(pos: Tensor2D, r: number, options: RadiusGraphOptions = {}): Tensor2D {
  checkShape("radiusGraph", "pos", pos, ["point", "coordinate"]);
  checkPositive("radiusGraph", { r });
  checkOptions("radiusGraph", options, ["batch", "loop", "maxNumNeighbors"]);
  const { batch, loop = false, maxNumNeighbors = 32 } = options;
  checkChoice("radiusGraph", "loop", loop, [true, false]);
  checkSizes("radiusGraph", { maxNumNeighbors });
  const [count, axes] = pos.shape;
  const at = pos.dataSync<"float32">();
  if (!at.every(Number.isFinite))
    throw new ShapeError("radiusGraph: pos has numbers that are not finite, expected positions.");
  const graphs =
    batch === undefined ? new Int32Array(count) : groupsOf("radiusGraph", batch, count, Infinity).target;
  const near = nearby(at, axes, r, graphs);
  const [sources, targets]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const found = near(i).flatMap((j) => {
      const square = squaredDistance(at, axes, i, j);
      return square <= r * r && (loop || i !== j) ? [{ j, square }] : [];
    });
    const kept =
      found.length <= maxNumNeighbors
        ? found
        : found.toSorted((a, b) => a.square - b.square || a.j - b.j).slice(0, maxNumNeighbors);
    for (const { j } of kept.toSorted((a, b) => a.j - b.j)) {
      sources.push(j);
      targets.push(i);
    }
  }
  return edgeIndexOf(new EdgeList(Int32Array.from(sources), Int32Array.from(targets)));
}

/** The points in the cell of a point and in those around it, of its graph; in more than three dimensions all of its graph. */
function nearby(at: Float32Array, axes: number, r: number, graphs: Int32Array): (i: number) => number[] {
  const gridded = axes <= 3 ? axes : 0;
  const cellOf = (i: number) =>
    Array.from({ length: gridded }, (_, axis) => Math.floor((at[i * axes + axis] ?? NaN) / r));
  const cells = new Map<string, number[]>();
  for (const [i, graph] of graphs.entries()) {
    const key = `${graph} ${cellOf(i).join(" ")}`;
    const known = cells.get(key);
    if (known === undefined) cells.set(key, [i]);
    else known.push(i);
  }
  const steps = Array.from({ length: 3 ** gridded }, (_, code) =>
    Array.from({ length: gridded }, (_, axis) => (Math.floor(code / 3 ** axis) % 3) - 1),
  );
  return (i) => {
    const cell = cellOf(i);
    return steps.flatMap(
      (step) => cells.get(`${graphs[i]} ${cell.map((c, axis) => c + (step[axis] ?? 0)).join(" ")}`) ?? [],
    );
  };
}

function squaredDistance(at: Float32Array, axes: number, i: number, j: number): number {
  let sum = 0;
  for (let axis = 0; axis < axes; axis++)
    sum += ((at[i * axes + axis] ?? NaN) - (at[j * axes + axis] ?? NaN)) ** 2;
  return sum;
}
