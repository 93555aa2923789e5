import type { Call } from "./call.ts";

/** How a window moves over the spatial axes of a value, with its padding written out. */
export interface SpatialWindow {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before and after each axis, so that the last window ends within. */
  readonly pads: readonly (readonly [number, number])[];
  /** The same with what `ceil_mode` adds. */
  readonly reached: readonly (readonly [number, number])[];
}

/** Windows and paddings beyond that are mistakes. */
const longest = 2 ** 16;

/** The window of a node over axes of the given sizes. */
export function windowOf(call: Call, sizes: readonly number[], kernel: readonly number[]): SpatialWindow {
  const count = sizes.length;
  const ones = sizes.map(() => 1);
  const [strides, dilations] = [call.list("strides", ones), call.list("dilations", ones)];
  const given = call.list("pads", new Array<number>(2 * count).fill(0));
  const isValid = (list: readonly number[], length: number, least: number): boolean =>
    list.length === length && list.every((n) => Number.isInteger(n) && n >= least && n <= longest);
  call.refuse(
    isValid(kernel, count, 1) &&
      isValid(strides, count, 1) &&
      isValid(dilations, count, 1) &&
      isValid(given, 2 * count, 0),
    `its window is ${kernel.join("×")}, strides ${strides.join(", ")}, dilations ${dilations.join(", ")}, pads ${given.join(", ")}`,
  );
  const automatic = call.text("auto_pad", "NOTSET", ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]);
  const isCeil = call.number("ceil_mode", 0) === 1;
  const pads = sizes.map((size, i): readonly [number, number] => {
    const [step = 1] = [strides[i]];
    const span = spanOf(kernel[i], dilations[i]);
    if (automatic === "NOTSET") return [given[i] ?? 0, given[i + count] ?? 0];
    if (automatic === "VALID") return [0, 0];
    const total = Math.max(0, (Math.ceil(size / step) - 1) * step + span - size);
    const less = Math.floor(total / 2);
    return automatic === "SAME_UPPER" ? [less, total - less] : [total - less, less];
  });
  const reached = sizes.map((size, i): readonly [number, number] => {
    const [step = 1] = [strides[i]];
    const span = spanOf(kernel[i], dilations[i]);
    const [before, after] = pads[i] as readonly [number, number];
    const room = size + before + after - span;
    call.refuse(
      room >= 0,
      `its window spans ${span}, but its input has ${size} with padding ${before}, ${after}`,
    );
    if (!isCeil) return [before, after];
    let output = Math.ceil(room / step) + 1;
    if ((output - 1) * step >= size + before) output--;
    return [before, Math.max(after, (output - 1) * step + span - size - before)];
  });
  call.checkSize(sizes.map((size, i) => size + (reached[i]?.[0] ?? 0) + (reached[i]?.[1] ?? 0)));
  return { kernel, strides, dilations, pads, reached };
}

const spanOf = (kernel = 1, dilation = 1): number => dilation * (kernel - 1) + 1;

/** Whether padding is the same on both sides of each axis. */
export function isSymmetric(pads: readonly (readonly [number, number])[]): boolean {
  return pads.every(([before, after]) => before === after);
}
