import { found } from "../check-tensor.ts";
import { checkFinite } from "../check-values.ts";
import type { Tensor, Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { pad, type PadMode } from "../op/pad.ts";
import { WindowError } from "../op/window-error.ts";
import { checkShape } from "../shape-error.ts";

/** The padding of all sides, or of each: the sides of the last axis first, as in PyTorch. */
export type Padding1d = number | readonly [left: number, right: number];

/** As {@link Padding1d}, for images. */
export type Padding2d = number | readonly [left: number, right: number, top: number, bottom: number];

/** As {@link Padding1d}, for volumes. */
export type Padding3d =
  | number
  | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number];

/** The base of the padding layers. */
export abstract class Padding<T extends Tensor3D | Tensor4D | Tensor5D>
  extends Module
  implements Layer<T, T>
{
  /** `[before, after]` of each spatial axis, first axis first. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly mode: PadMode;
  readonly value: number;

  constructor(axes: number, padding: number | readonly number[], mode: PadMode, value = 0) {
    super();
    const sides: readonly unknown[] = Array.isArray(padding)
      ? padding
      : Array.from({ length: 2 * axes }, () => padding);
    if (sides.length !== 2 * axes || !sides.every((n) => Number.isInteger(n))) {
      throw new WindowError(
        `${new.target.name}: padding is ${found(padding)}, expected an integer, or ${2 * axes} of them.`,
      );
    }
    this.padding = Array.from({ length: axes }, (_, axis) => {
      const at = 2 * (axes - 1 - axis);
      return [Number(sides[at] ?? 0), Number(sides[at + 1] ?? 0)] as const;
    });
    checkFinite(new.target.name, { value });
    this.mode = mode;
    this.value = value;
  }

  /**
   * @param x `[batch, ...size, channel]`
   * @returns `[batch, ...size, channel]`
   */
  forward(x: T): T {
    const { padding, mode, value } = this;
    const axes = padding.length;
    const names = axes === 1 ? ["time"] : ["depth", "height", "width"].slice(-axes);
    checkShape(this.constructor.name, "x", x as Tensor, ["batch", ...names, "channel"]);
    return pad<T>(x, [[0, 0], ...padding, [0, 0]], { mode, value });
  }
}
