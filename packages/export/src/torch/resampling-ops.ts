import { channelsFirst, type PythonTensor, pythonTensor, ordered, plain } from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal, oneOrTuple, tuple } from "./python.ts";

/** What both poolings have: the window, and padding that is the same on both sides but for a window that is cut off at the end. */
interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly end: readonly number[];
}

/** The arguments of a pooling of images: a longer end than start is a last window that is not full. */
function pooled({ input, node, error }: OpSource, name: string, more: readonly string[]): PythonTensor {
  const x = plain(input("x"));
  const { kernel, stride, padding, end } = node.attributes as unknown as Window;
  const isLonger = end.some((n, i) => n > (padding[i] as number));
  if (end.some((n, i) => n < (padding[i] as number))) throw error("its padding is smaller at the end");
  const options = [
    ...(String(stride) === String(kernel) ? [] : [`stride=${oneOrTuple(stride)}`]),
    ...(padding.every((n) => n === 0) ? [] : [`padding=${oneOrTuple(padding)}`]),
    ...(isLonger ? ["ceil_mode=True"] : []),
    ...more,
  ];
  const args = [ordered(x, channelsFirst(4)), oneOrTuple(kernel), ...options];
  return pythonTensor(`F.${name}(${args.join(", ")})`, 4, [x], { axes: channelsFirst(4) });
}

const maxPool: Write = (source) => {
  const dilation = source.node.attributes["dilation"] as unknown as readonly number[];
  const more = dilation.every((n) => n === 1) ? [] : [`dilation=${oneOrTuple(dilation)}`];
  return pooled(source, "max_pool2d", more);
};

const avgPool: Write = (source) => {
  const { countIncludePad, divisorOverride } = source.node.attributes;
  return pooled(source, "avg_pool2d", [
    ...(countIncludePad === false ? ["count_include_pad=False"] : []),
    ...(divisorOverride === null ? [] : [`divisor_override=${literal(divisorOverride)}`]),
  ]);
};

const interpolate: Write = ({ input, node, size }) => {
  const x = plain(input("x"));
  const { mode, alignCorners, sizes, factors } = node.attributes as unknown as {
    readonly mode: string;
    readonly alignCorners: boolean;
    readonly sizes: readonly never[];
    readonly factors: readonly number[] | null;
  };
  const rank = x.axes.length;
  const args = [
    ordered(x, channelsFirst(rank)),
    Array.isArray(factors) ? `scale_factor=${oneOrTuple(factors)}` : `size=${tuple(sizes.map(size))}`,
    ...(mode === "nearest" ? [] : [`mode=${literal(mode)}`]),
    ...(alignCorners ? ["align_corners=True"] : []),
  ];
  return pythonTensor(`F.interpolate(${args.join(", ")})`, rank, [x], { axes: channelsFirst(rank) });
};

/** The ops that resample images. */
export const resamplingOps: Readonly<Record<string, Write>> = {
  avgPool2d: avgPool,
  interpolate,
  maxPool2d: maxPool,
};
