import { DtypeError, IndexError, ShapeError } from "@pellucid/core-train";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { EdgeList } from "../graph/edge-list.ts";

const known = new WeakMap<object, EdgeList>();

/**
 * The groups of an index: edge `e` leads from row `e` to group `index[e]`. They are read and checked the first time.
 *
 * @param index int32 `[row]`, in any order
 * @param rows how many rows are grouped
 * @throws {ShapeError} For another shape.
 * @throws {DtypeError} For floats.
 * @throws {IndexError} For a group that does not exist.
 */
export function groupsOf(caller: string, index: Tensor1D, rows: number, size: number): EdgeList {
  if (index.rank !== 1 || index.shape[0] !== rows)
    throw new ShapeError(
      `${caller}: index is [${index.shape.join(", ")}], expected [${rows}], one for each row.`,
    );
  if (index.dtype !== "int32")
    throw new DtypeError(
      `${caller}: index is ${index.dtype}, expected int32. Make it by tensor1d(…, "int32").`,
    );
  const groups = known.get(index.dataId) ?? read(caller, index);
  if (groups.lastTarget >= size)
    throw new IndexError(`${caller}: index has the group ${groups.lastTarget}, expected 0 to ${size - 1}.`);
  return groups;
}

/** How many groups an index names: one more than the last. */
export function groupCount(caller: string, index: Tensor1D): number {
  return groupsOf(caller, index, index.size, Infinity).lastTarget + 1;
}

/** The groups of messages by their targets. */
export function messageGroups(edges: EdgeList): EdgeList {
  return edges.derive("messages", () => new EdgeList(counted(edges.length), edges.target));
}

/** The index of groups as a tensor. */
export function indexOfGroups(groups: EdgeList): Tensor1D {
  const index = tensor1d(groups.target, "int32");
  known.set(index.dataId, groups);
  return index;
}

function read(caller: string, index: Tensor1D): EdgeList {
  const ids = index.dataSync<"int32">();
  const negative = ids.find((id) => id < 0);
  if (negative !== undefined)
    throw new IndexError(`${caller}: index has the group ${negative}, expected 0 or more.`);
  const groups = new EdgeList(counted(ids.length), ids.slice());
  known.set(index.dataId, groups);
  return groups;
}

function counted(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}
