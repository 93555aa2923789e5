import { IndexError } from "@pellucid/core-train";

/** Ids as int32. @throws {IndexError} For one that is not an integer of 0 or more. */
export function nodeIds(caller: string, name: string, ids: ArrayLike<number>): Int32Array {
  if (ids instanceof Int32Array && ids.every((id) => id >= 0)) return ids.slice();
  const wrong = Array.prototype.find.call(
    ids,
    (id: unknown) => !Number.isInteger(id) || (id as number) < 0 || (id as number) > LARGEST,
  ) as unknown;
  if (wrong !== undefined) {
    throw new IndexError(
      `${caller}: ${name} has the id ${wrong as number}, expected an integer of 0 or more. Nodes are counted from 0.`,
    );
  }
  return Int32Array.from(ids);
}

const LARGEST = 2 ** 31 - 1;
