import { channelsFirst, type PythonTensor, pythonTensor, ordered, plain } from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal, oneOrTuple } from "./python.ts";

/** A convolution of sequences, which we compute as one of images of height 1. */
function conv1d({ input, node }: OpSource, x: PythonTensor, filter: PythonTensor): PythonTensor {
  const { strides, padding, dilations, groups } = node.attributes as unknown as {
    strides: readonly number[];
    padding: readonly (readonly [number, number])[];
    dilations: readonly number[];
    groups: number;
  };
  const [, [before, after] = [0, 0]] = padding;
  const first = ordered(x, channelsFirst(3));
  const bias = "bias" in node.inputs ? input("bias") : null;
  const args = [
    before === after ? first : `F.pad(${first}, (${before}, ${after}))`,
    ordered(filter, [2, 1, 0]),
    ...(bias === null ? [] : [bias.code]),
    ...option("stride", strides[1], 1),
    ...option("padding", before === after ? before : 0, 0),
    ...option("dilation", dilations[1], 1),
    ...option("groups", groups, 1),
  ];
  const from = [x, filter, ...(bias === null ? [] : [bias])];
  const sequence = pythonTensor(`F.conv1d(${args.join(", ")})`, 3, from, { axes: channelsFirst(3) });
  return pythonTensor(`${sequence.code}.unsqueeze(2)`, 4, from, { axes: channelsFirst(4), sequence });
}

export const conv2d: Write = (source) => {
  const { input, node } = source;
  const { strides, padding, dilations, groups } = node.attributes as unknown as {
    strides: readonly number[];
    padding: readonly (readonly [number, number])[];
    dilations: readonly number[];
    groups: number;
  };
  const [x, filter] = [plain(input("x")), input("filter")];
  if (x.sequence !== null && filter.sequence !== null) return conv1d(source, x.sequence, filter.sequence);
  const [top = [0, 0], left = [0, 0]] = padding;
  const isEven = padding.every(([before, after]) => before === after);
  const first = ordered(x, channelsFirst(4));
  const padded = isEven ? first : `F.pad(${first}, ${literal([...left, ...top])})`;
  const bias = "bias" in node.inputs ? input("bias") : null;
  const args = [
    padded,
    ordered(filter, [2, 3, 1, 0]),
    ...(bias === null ? [] : [bias.code]),
    ...option("stride", strides, 1),
    ...option("padding", isEven ? padding.map(([before]) => before) : 0, 0),
    ...option("dilation", dilations, 1),
    ...option("groups", groups, 1),
  ];
  return pythonTensor(`F.conv2d(${args.join(", ")})`, 4, [x, filter, ...(bias === null ? [] : [bias])], {
    axes: channelsFirst(4),
  });
};

function option(name: string, value: unknown, otherwise: number): readonly string[] {
  const code = oneOrTuple(value);
  return code === String(otherwise) ? [] : [`${name}=${code}`];
}

export const maxPool2d: Write = ({ input, node, error }) => {
  const x = plain(input("x"));
  const { filterSize, strides, pad, dilations } = node.attributes as unknown as {
    filterSize: readonly number[];
    strides: readonly number[];
    pad: readonly (readonly [number, number])[];
    dilations: readonly number[];
  };
  const sides = pad.slice(1, 3);
  if (sides.some(([before, after]) => before !== after)) throw error("its padding differs before and after");
  const args = [
    ordered(x, channelsFirst(4)),
    oneOrTuple(filterSize),
    ...(String(strides) === String(filterSize) ? [] : [`stride=${oneOrTuple(strides)}`]),
    ...option(
      "padding",
      sides.map(([before]) => before),
      0,
    ),
    ...option("dilation", dilations, 1),
  ];
  return pythonTensor(`F.max_pool2d(${args.join(", ")})`, 4, [x], { axes: channelsFirst(4) });
};
