import { isRecord } from "../struct/fields-of.ts";

/** A value for another thread, and the buffers in it that are transferred instead of copied. */
export interface Packed {
  readonly value: unknown;
  readonly buffers: ArrayBuffer[];
}

/**
 * Prepares a value for another thread, where an instance of a class arrives as a plain record of its fields.
 *
 * @param owned whether its arrays are new ones, to be transferred. Arrays of the dataset are copied first: as a view of a
 *   buffer, a row would take the whole dataset along
 */
export function packed(value: unknown, owned: boolean): Packed {
  const buffers = new Set<ArrayBuffer>();
  const pack = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if (ArrayBuffer.isView(part)) {
      const moved = owned || part instanceof DataView ? part : copyOf(part);
      if (moved.buffer instanceof ArrayBuffer && !(moved instanceof DataView)) buffers.add(moved.buffer);
      return moved;
    }
    if (Array.isArray(part)) return part.map(pack);
    if (!isRecord(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, pack(inner)]));
  };
  return { value: pack(value), buffers: [...buffers] };
}

function copyOf(view: ArrayBufferView): ArrayBufferView {
  return "slice" in view && typeof view.slice === "function" ? (view.slice() as ArrayBufferView) : view;
}
