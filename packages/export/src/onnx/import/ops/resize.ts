import { gridSample, interpolate } from "@pellucid/core-train";
import { add, gather, mul, reshape, type Tensor, tensor1d, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, lastChannels, OnnxValue } from "../onnx-value.ts";
import { axesOf } from "./shape.ts";

const coordinates = [
  "half_pixel",
  "asymmetric",
  "align_corners",
  "pytorch_half_pixel",
  "half_pixel_symmetric",
] as const;
const roundings = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"] as const;

interface Resize {
  readonly mode: "nearest" | "linear" | "cubic";
  readonly coordinate: (typeof coordinates)[number];
  readonly rounding: (typeof roundings)[number];
  readonly cubic: number;
}

/** One axis before and after. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** Where an element of the output is in the input. */
function sourceOf(at: number, { input, output, scale }: Axis, coordinate: Resize["coordinate"]): number {
  if (coordinate === "asymmetric") return at / scale;
  if (coordinate === "align_corners") return output === 1 ? 0 : (at * (input - 1)) / (output - 1);
  if (coordinate === "pytorch_half_pixel" && output === 1) return 0;
  const half = (at + 0.5) / scale - 0.5;
  if (coordinate !== "half_pixel_symmetric") return half;
  return half + (input / 2) * (1 - output / (scale * input));
}

const nearest: Readonly<Record<Resize["rounding"], (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** `a` of Keys' cubic convolution. */
function cubicWeight(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

/** The elements that an output is made of, and their weights. */
function tapsOf(
  x: number,
  { mode, rounding, cubic }: Resize,
): readonly (readonly [at: number, weight: number])[] {
  if (mode === "nearest") return [[nearest[rounding](x), 1]];
  const floor = Math.floor(x);
  if (mode === "linear")
    return [
      [floor, 1 - (x - floor)],
      [floor + 1, x - floor],
    ];
  return [-1, 0, 1, 2].map((i) => [floor + i, cubicWeight(x - floor - i, cubic)] as const);
}

/** Resamples one axis, as a sum of its elements at each tap. */
function resampled(x: Tensor, axis: number, size: Axis, resize: Resize): Tensor {
  const taps = Array.from({ length: size.output }, (_, at) =>
    tapsOf(sourceOf(at, size, resize.coordinate), resize),
  );
  const clamped = (at: number): number => Math.max(0, Math.min(size.input - 1, at));
  const shape = inOrder(x.rank).map((i) => (i === axis ? size.output : 1));
  const terms = (taps[0] ?? []).map((_, k) => {
    const found = gather(
      x,
      tensor1d(
        taps.map((tap) => clamped(tap[k]?.[0] ?? 0)),
        "int32",
      ),
      axis,
    );
    const weights = taps.map((tap) => tap[k]?.[1] ?? 0);
    return weights.every((weight) => weight === 1) ? found : mul(found, reshape(tensor1d(weights), shape));
  });
  return terms.reduce((a, b) => add(a, b));
}

/** The mode of the core's `interpolate` that computes the same. */
function modeOf({ mode, coordinate, rounding, cubic }: Resize, rank: number) {
  const isHalf = coordinate === "half_pixel" || coordinate === "align_corners";
  if (mode === "nearest") return coordinate === "asymmetric" && rounding === "floor" ? "nearest" : null;
  if (mode === "linear") return isHalf ? (["linear", "bilinear", "trilinear"] as const)[rank - 3] : null;
  return isHalf && cubic === -0.75 && rank === 4 ? "bicubic" : null;
}

const resize: OnnxOp = (call) => {
  const value = call.input(0);
  const { rank, shape } = value;
  const how: Resize = {
    mode: call.text("mode", "nearest", ["nearest", "linear", "cubic"]),
    coordinate: call.text("coordinate_transformation_mode", "half_pixel", coordinates),
    rounding: call.text("nearest_mode", "round_prefer_floor", roundings),
    cubic: call.number("cubic_coeff_a", -0.75),
  };
  call.refuse(call.number("antialias", 0) === 0, "it has antialias");
  call.refuse(call.number("exclude_outside", 0) === 0, "it excludes what is outside");
  call.text("keep_aspect_ratio_policy", "stretch", ["stretch"]);
  const sizes = sizesOf(call, shape);
  call.checkSize(sizes.map(({ output }) => output));
  const axes = lastChannels(rank);
  const x = value.permuted(axes);
  const spatial = sizes.slice(2);
  const isSpatial =
    rank >= 3 && rank <= 5 && sizes.slice(0, 2).every(({ input, output }) => input === output);
  const mode = isSpatial ? modeOf(how, rank) : null;
  if (mode !== null && mode !== undefined) {
    const isWhole = spatial.every(({ input, output, scale }) => Math.abs(scale * input - output) < 1e-6);
    const given = isWhole
      ? { size: spatial.map(({ output }) => output) }
      : { scaleFactor: spatial.map(({ scale }) => scale) };
    const alignCorners = how.coordinate === "align_corners";
    return OnnxValue.of(interpolate(x as Tensor4D, { ...given, mode, alignCorners }), axes);
  }
  const changed = sizes
    .map((size, axis) => ({ size, axis }))
    .filter(({ size }) => size.input !== size.output);
  return OnnxValue.of(
    changed.reduce<Tensor>((y, { size, axis }) => resampled(y, axes.indexOf(axis), size, how), x),
    axes,
  );
};

/** All axes before and after, from the scales or the sizes. */
function sizesOf(call: Call, shape: readonly number[]): readonly Axis[] {
  const bySize = call.inputs[3] !== undefined && call.inputs[3] !== null;
  const asked = call.integers(bySize ? 3 : 2);
  const along = axesOf(call, 4, shape.length) ?? inOrder(shape.length);
  call.refuse(asked.length === along.length, `it has ${asked.length} sizes for ${along.length} axes`);
  return shape.map((input, axis) => {
    const found = asked[along.indexOf(axis)];
    if (found === undefined) return { input, output: input, scale: 1 };
    if (bySize) return { input, output: found, scale: found / input };
    return { input, output: Math.floor(input * found), scale: found };
  });
}

const sampled: OnnxOp = (call) => {
  const [value, grid] = [call.input(0), call.input(1)];
  const mode = call.text("mode", "bilinear", ["bilinear", "linear", "nearest", "bicubic", "cubic"]);
  const sampling = mode === "linear" ? "bilinear" : mode === "cubic" ? "bicubic" : mode;
  const paddingMode = call.text("padding_mode", "zeros", ["zeros", "border", "reflection"]);
  const alignCorners = call.number("align_corners", 0) === 1;
  const found = gridSample(value.channelsLast as Tensor4D, grid.tensor as Tensor4D, {
    mode: sampling,
    paddingMode,
    alignCorners,
  });
  return OnnxValue.of(found, lastChannels(value.rank));
};

/** The ops that resample. */
export const resizeOps: OnnxOps = { GridSample: sampled, Resize: resize };
