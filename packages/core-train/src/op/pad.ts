import { clone, concat, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { StructError } from "../struct/struct-error.ts";
import { ShapeError } from "../shape-error.ts";
import { traceable } from "../trace/traceable.ts";
import { mirrorAlong } from "./mirror-along.ts";
import { padAlong } from "./pad-along.ts";
import { sliceAlong } from "./slice-along.ts";
import { sizeAlong } from "./size-along.ts";
import { checkTensor, found } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** What padding is made of: a constant, or the tensor mirrored at its edge, its edge repeated, or its other end. */
export type PadMode = "constant" | "reflect" | "replicate" | "circular";

/** How a tensor is padded. */
export interface PadOptions {
  /** Default: `"constant"`. */
  readonly mode?: PadMode;
  /** The constant. Default: 0. */
  readonly value?: number;
}

/**
 * Lengthens axes, as `torch.nn.functional.pad`; negative numbers shorten them. Gradients flow back to where the padding
 * came from.
 *
 * @param padding `[before, after]` for each axis of `x`; PyTorch begins with the last axis
 * @throws ShapeError when there is not as much to reflect or to repeat
 */
export function pad<T extends Tensor>(
  x: T,
  padding: readonly (readonly [before: number, after: number])[],
  options: PadOptions = {},
): T {
  checkOptions("pad", options, ["mode", "value"]);
  const { mode = "constant", value = 0 } = options;
  checkTensor("pad", "x", x);
  const sides: unknown = padding;
  if (!Array.isArray(sides) || !sides.every(Array.isArray))
    throw new StructError(`pad: padding is ${found(sides)}, expected [before, after] for each axis.`);
  if (padding.length !== x.rank) {
    throw new ShapeError(
      `pad: padding is for ${padding.length} axes, but x is [${x.shape.join(", ")}]. Pass [before, after] for each axis.`,
    );
  }
  const fill = () =>
    tidy(() => {
      const start = clone(crop(x, padding));
      return padding.reduce((padded: Tensor, [before, after], axis) => {
        const sides = [Math.max(before, 0), Math.max(after, 0)] as const;
        return mode === "constant" ? padAlong(padded, axis, sides, value) : repeat(padded, axis, sides, mode);
      }, start);
    }) as T;
  return mode === "circular" ? fill() : traceable("pad", { x }, { padding, mode, value }, fill);
}

function crop(x: Tensor, padding: readonly (readonly [number, number])[]): Tensor {
  return padding.reduce((cropped, [before, after], axis) => {
    const start = Math.max(-before, 0);
    const length = sizeAlong(x, axis) - start - Math.max(-after, 0);
    if (length < 0) {
      throw new ShapeError(
        `pad: x is [${x.shape.join(", ")}], too short to take ${JSON.stringify(padding)} away.`,
      );
    }
    return before < 0 || after < 0 ? sliceAlong(cropped, axis, start, length) : cropped;
  }, x);
}

const most: Readonly<Record<Exclude<PadMode, "constant">, (size: number) => number>> = {
  reflect: (size) => size - 1,
  replicate: (size) => (size === 0 ? 0 : Infinity),
  circular: (size) => size,
};

function repeat(
  x: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  mode: Exclude<PadMode, "constant">,
): Tensor {
  if (before === 0 && after === 0) return x;
  const size = sizeAlong(x, axis);
  if (Math.max(before, after) > most[mode](size)) {
    throw new ShapeError(
      `pad: axis ${axis} of [${x.shape.join(", ")}] cannot ${mode === "circular" ? "wrap around" : mode} ` +
        `[${before}, ${after}]: at most ${most[mode](size)} on each side.`,
    );
  }
  if (mode === "reflect") return mirrorAlong(x, axis, [before, after]);
  const part = (start: number, length: number): Tensor[] =>
    length === 0 ? [] : [sliceAlong(x, axis, start, length)];
  const repeated = (at: number, times: number) =>
    part(at, 1).flatMap((edge) => Array.from({ length: times }, () => edge));
  const sides = {
    replicate: () => [repeated(0, before), repeated(size - 1, after)],
    circular: () => [part(size - before, before), part(0, after)],
  };
  const [start = [], end = []] = sides[mode]();
  return concat([...start, x, ...end], axis);
}
