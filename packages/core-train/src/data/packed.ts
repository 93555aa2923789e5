/** A value for another thread, and the buffers in it that move there instead of being copied. */
export interface Packed {
  readonly value: unknown;
  readonly buffers: ArrayBuffer[];
}

/**
 * Readies a value for another thread.
 *
 * @param owned whether its arrays are new ones, to be handed over; arrays that belong to someone are copied first: as
 *   they are, a row of a dataset would take the whole dataset along
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
    if (Object.getPrototypeOf(part) !== Object.prototype) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, pack(inner)]));
  };
  return { value: pack(value), buffers: [...buffers] };
}

function copyOf(view: ArrayBufferView): ArrayBufferView {
  return "slice" in view && typeof view.slice === "function" ? (view.slice() as ArrayBufferView) : view;
}
