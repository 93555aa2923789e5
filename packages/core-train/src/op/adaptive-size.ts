import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { perAxis } from "./per-axis.ts";
import { sizeAlong } from "./size-along.ts";

/** The new size of each spatial axis, one for all or one per axis; `null` keeps the input's size. */
export type AdaptiveSize<Axes extends readonly (number | null)[] = readonly (number | null)[]> =
  | number
  | Axes;

const axisNames = ["depth", "height", "width"];

/** @throws {WindowError} Unless the new sizes are integers of at least 1, or `null`. */
export function checkAdaptiveSize(caller: string, size: AdaptiveSize, axes: number): void {
  const wanted = Array.isArray(size) ? (size as (number | null)[]).map((n) => n ?? 1) : size;
  perAxis(caller, "outputSize", wanted as number | number[], axes, 1);
}

/** The sizes to which `x`, `[batch, ...size, channel]`, is pooled. */
export function adaptiveSize(caller: string, x: Tensor, size: AdaptiveSize, axes: number): number[] {
  const names = axes === 1 ? ["time"] : axisNames.slice(-axes);
  checkShape(caller, "x", x, ["batch", ...names, "channel"]);
  const wanted = typeof size === "number" ? size : size.map((n, i) => n ?? sizeAlong(x, i + 1));
  return perAxis(caller, "outputSize", wanted, axes, 1);
}
