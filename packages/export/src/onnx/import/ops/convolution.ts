import {
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  pad,
} from "@pellucid/core-train";
import {
  add,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
} from "@tensorflow/tfjs-core";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { filterAxes, lastChannels, OnnxValue } from "../onnx-value.ts";
import { isSymmetric, windowOf } from "../spatial-window.ts";

interface Moves {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

type One = readonly [number];
type Two = readonly [number, number];
type Three = readonly [number, number, number];
type Of<Axes> = { readonly [Key in keyof Moves]: Moves[Key] extends number ? number : Axes };

/** The convolution of one, two or three spatial axes. */
function convolve(x: Tensor, filter: Tensor, bias: Tensor1D | null, moves: Moves): Tensor {
  if (x.rank === 3) return conv1d(x as Tensor3D, filter as Tensor3D, bias, moves as Of<One>);
  if (x.rank === 4) return conv2d(x as Tensor4D, filter as Tensor4D, bias, moves as Of<Two>);
  return conv3d(x as Tensor5D, filter as Tensor5D, bias, moves as Of<Three>);
}

function convolveBack(
  x: Tensor,
  filter: Tensor,
  moves: Moves & { outputPadding: readonly number[] },
): Tensor {
  if (x.rank === 3) return convTranspose1d(x as Tensor3D, filter as Tensor3D, null, moves as never);
  if (x.rank === 4) return convTranspose2d(x as Tensor4D, filter as Tensor4D, null, moves as never);
  return convTranspose3d(x as Tensor5D, filter as Tensor5D, null, moves as never);
}

/** Input and filter with channels last, and the sizes of the spatial axes of both. */
function sidesOf(call: Call) {
  const [value, weight] = [call.input(0), call.input(1)];
  const { rank } = value;
  call.refuse(
    rank >= 3 && rank <= 5 && weight.rank === rank,
    `its input has ${rank} axes, its filter ${weight.rank}`,
  );
  const bias = (call.optional(2)?.tensor ?? null) as Tensor1D | null;
  const filter = weight.permuted(filterAxes(rank));
  const kernel = weight.shape.slice(2);
  call.refuse(
    call.list("kernel_shape", kernel).join() === kernel.join(),
    `its kernel_shape is not that of its filter, ${kernel.join("×")}`,
  );
  return { x: value.channelsLast, sizes: value.shape.slice(2), filter, kernel, bias, rank };
}

/** Zeros around the spatial axes. */
function zerosAround(x: Tensor, sides: readonly (readonly [number, number])[]): Tensor {
  return sides.some(([before, after]) => before + after > 0) ? pad(x, [[0, 0], ...sides, [0, 0]]) : x;
}

const convolution: OnnxOp = (call) => {
  const { x, sizes, filter, kernel, bias, rank } = sidesOf(call);
  const { strides, dilations, pads } = windowOf(call, sizes, kernel);
  const symmetric = isSymmetric(pads);
  const padding = pads.map(([before]) => (symmetric ? before : 0));
  const moves = { stride: strides, padding, dilation: dilations, groups: call.number("group", 1) };
  return OnnxValue.of(
    convolve(symmetric ? x : zerosAround(x, pads), filter, bias, moves),
    lastChannels(rank),
  );
};

/** What is cut off the whole transposed convolution, before and after each axis; less than 0 where zeros are added. */
function cutsOf(call: Call, sizes: readonly number[], kernel: readonly number[]) {
  const count = sizes.length;
  const ones = sizes.map(() => 1);
  const [stride, dilation] = [call.list("strides", ones), call.list("dilations", ones)];
  const given = call.list("pads", new Array<number>(2 * count).fill(0));
  const extra = call.list("output_padding", new Array<number>(count).fill(0));
  const longest = Math.max(0, ...stride, ...dilation, ...given.map(Math.abs), ...extra.map(Math.abs));
  call.refuse(longest < 2 ** 16, "its strides, dilations or pads are too large");
  const automatic = call.text("auto_pad", "NOTSET", ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]);
  const cuts = sizes.map((size, i): readonly [number, number] => {
    const [step = 1, apart = 1, added = 0] = [stride[i], dilation[i], extra[i]];
    const whole = (size - 1) * step + apart * ((kernel[i] ?? 1) - 1) + 1;
    const asked =
      call.attribute("output_shape") === undefined ? null : call.list("output_shape").at(-count + i);
    if (asked === null && !automatic.startsWith("SAME"))
      return [given[i] ?? 0, (given[i + count] ?? 0) - added];
    const total = whole + added - (asked ?? size * step);
    const less = Math.floor(total / 2);
    return automatic === "SAME_UPPER" ? [less, total - less - added] : [total - less, less - added];
  });
  const wholes = sizes.map(
    (size, i) => (size - 1) * (stride[i] ?? 1) + (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1,
  );
  call.checkSize(wholes);
  return { stride, dilation, cuts, wholes };
}

const transposed: OnnxOp = (call) => {
  const { x, sizes, filter, kernel, bias, rank } = sidesOf(call);
  const { stride, dilation, cuts, wholes } = cutsOf(call, sizes, kernel);
  const groups = call.number("group", 1);
  const isUsual = cuts.every(([before, after], i) => {
    const added = before - after;
    return before >= 0 && added >= 0 && added < Math.max(stride[i] ?? 1, dilation[i] ?? 1);
  });
  const padding = cuts.map(([before]) => (isUsual ? before : 0));
  const outputPadding = cuts.map(([before, after]) => (isUsual ? before - after : 0));
  const whole = convolveBack(x, filter, { stride, dilation, groups, padding, outputPadding });
  const y = isUsual ? whole : cropped(whole, cuts, wholes);
  return OnnxValue.of(bias === null ? y : add(y, bias), lastChannels(rank));
};

function cropped(
  whole: Tensor,
  cuts: readonly (readonly [number, number])[],
  sizes: readonly number[],
): Tensor {
  const begin = cuts.map(([before]) => Math.max(0, before));
  const kept = cuts.map(([, after], i) => (sizes[i] as number) - (begin[i] as number) - Math.max(0, after));
  const found = slice(whole, [0, ...begin, 0], [-1, ...kept, -1]);
  return zerosAround(
    found,
    cuts.map(([before, after]) => [Math.max(0, -before), Math.max(0, -after)] as const),
  );
}

/** The ops that are convolutions. */
export const convolutionOps: OnnxOps = { Conv: convolution, ConvTranspose: transposed };
