import {
  clone,
  image,
  type Rank,
  type Tensor,
  tensor2d,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { adaptiveMean } from "./adaptive-mean.ts";
import { applyAlong } from "./apply-along.ts";
import {
  antialiasingMatrix,
  type AxisInterpolation,
  interpolationMatrix,
  repeats,
} from "./interpolation-matrix.ts";
import { traceable } from "../trace/traceable.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { repeatAlong } from "./repeat-along.ts";
import { sizeAlong } from "./size-along.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkRecord } from "../check-record.ts";
import { checkOptions } from "../check-options.ts";

/** The kind of interpolation. Linear, bilinear and trilinear are for one, two and three spatial axes. */
export type InterpolationMode =
  | "nearest"
  | "nearest-exact"
  | "linear"
  | "bilinear"
  | "trilinear"
  | "bicubic"
  | "area";

/** Options for {@link interpolate}: pass either `size` or `scaleFactor`. */
export interface InterpolateOptions {
  /** The new size of the spatial axes, one for all or one per axis. */
  readonly size?: PerAxis;
  /** How much larger the spatial axes become, one for all or one per axis; sizes are rounded down. */
  readonly scaleFactor?: PerAxis;
  /** Default: `"nearest"`. */
  readonly mode?: InterpolationMode;
  /**
   * Whether the centers of the first and last pixels are aligned, rather than the outer borders of these pixels.
   * Linear and cubic only. Default: false.
   */
  readonly alignCorners?: boolean;
  /** Whether shrinking averages over all that a pixel covers. `"bilinear"` and `"bicubic"` only. Default: false. */
  readonly antialias?: boolean;
}

/**
 * Resizes the spatial axes, as `torch.nn.functional.interpolate`: `"nearest-exact"` is what others call nearest, `"bicubic"`
 * has a = −3/4, and a given `scaleFactor` is used as it is, also where the output size was rounded. With
 * `antialias` it has a = −1/2.
 *
 * @param x `[batch, ...size, channel]`
 * @returns `[batch, ...size, channel]`
 */
export function interpolate<T extends Tensor3D | Tensor4D | Tensor5D>(x: T, options: InterpolateOptions): T {
  checkOptions("interpolate", options, ["size", "scaleFactor", "mode", "alignCorners", "antialias"]);
  checkTensor("interpolate", "x", x);
  checkRecord("interpolate", "options", options, []);
  const { mode = "nearest", alignCorners = false, antialias = false } = options;
  const rank = ranks[mode];
  const names = ["depth", "height", "width"].slice(-(rank ?? x.rank) + 2);
  if (rank !== null) checkShape(`interpolate ${mode}`, "x", x, ["batch", ...names, "channel"]);
  else if (x.rank < 3 || x.rank > 5)
    checkShape("interpolate", "x", x, ["batch", "height", "width", "channel"]);
  if (alignCorners && (mode.startsWith("nearest") || mode === "area")) {
    throw new OptionError("interpolate", "alignCorners", true, `false for mode ${mode}`);
  }
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw new OptionError("interpolate", "antialias", true, `false for mode ${mode}`);
  }
  const { sizes, factors } = target(x, options);
  if (x.size === 0) return zeros<Rank>([x.shape[0], ...sizes, x.shape.at(-1) ?? 0]) as T;
  const resample = (): T =>
    tidy(() => {
      if (mode === "area") return adaptiveMean(x, sizes);
      const isExact = (factors ?? []).every((factor, i) => factor * sizeAlong(x, i + 1) === sizes[i]);
      if (mode === "bilinear" && isExact && !antialias) {
        return image.resizeBilinear(x as Tensor4D, sizes as [number, number], alignCorners, !alignCorners);
      }
      const kind = kinds[mode];
      // PyTorch copies where a factor keeps the size, but not for these two modes.
      const copies = kind === "linear" || kind === "nearest";
      return sizes.reduce<Tensor>((y, output, i) => {
        const axis = i + 1;
        const input = sizeAlong(x, axis);
        const scaleFactor = factors?.[i] ?? null;
        if (output === input && (copies || scaleFactor === null || scaleFactor === 1)) return y;
        const resize = { input, output, alignCorners, scaleFactor };
        const isNearest = kind === "nearest" || kind === "nearest-exact";
        if (isNearest && repeats(kind, resize)) return repeatAlong(y, axis, output / input);
        const matrix =
          antialias && !isNearest ? antialiasingMatrix(kind, resize) : interpolationMatrix(kind, resize);
        return applyAlong(y, axis, tensor2d(matrix, [output, input]));
      }, clone(x)) as T;
    }) as T;
  if (mode === "area" || antialias) return resample();
  return traceable("interpolate", { x }, { mode, alignCorners, sizes, factors }, resample);
}

const ranks: Readonly<Record<InterpolationMode, number | null>> = {
  nearest: null,
  "nearest-exact": null,
  linear: 3,
  bilinear: 4,
  trilinear: 5,
  bicubic: 4,
  area: null,
};

const kinds: Readonly<Record<Exclude<InterpolationMode, "area">, AxisInterpolation>> = {
  nearest: "nearest",
  "nearest-exact": "nearest-exact",
  linear: "linear",
  bilinear: "linear",
  trilinear: "linear",
  bicubic: "cubic",
};

function target(
  x: Tensor,
  { size, scaleFactor }: InterpolateOptions,
): { sizes: number[]; factors: readonly number[] | null } {
  const spatial = x.shape.slice(1, -1);
  if (size !== undefined && scaleFactor === undefined) {
    return { sizes: perAxis("interpolate", "size", size, spatial.length, 1), factors: null };
  }
  if (scaleFactor === undefined || size !== undefined) {
    throw new OptionError("interpolate", "size", size, "either size or scaleFactor");
  }
  const factors = typeof scaleFactor === "number" ? spatial.map(() => scaleFactor) : scaleFactor;
  const sizes = spatial.map((input, i) => Math.floor(input * (factors[i] ?? Number.NaN)));
  if (factors.length !== spatial.length || sizes.some((n) => !(n >= 1))) {
    throw new OptionError(
      "interpolate",
      "scaleFactor",
      scaleFactor,
      "what leaves at least one number of each axis",
    );
  }
  return { sizes, factors };
}
