import { type PythonTensor, plain } from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal } from "./python.ts";

type Sides = readonly [before: number, after: number];

/** A tensor padded at the sides of each axis, in Python's order of axes and sides. */
function padded(x: PythonTensor, paddings: readonly Sides[], options: string): PythonTensor {
  const sides: Sides[] = [];
  for (const [i, axis] of x.axes.entries()) sides[axis] = paddings[i] as Sides;
  while (String(sides[0]) === "0,0") sides.shift();
  return { ...x, code: `F.pad(${x.code}, ${literal(sides.toReversed().flat())}${options})`, isAtom: true };
}

function valueOption(value: unknown): string {
  return value === 0 ? "" : `, value=${literal(value)}`;
}

export const pads: Write = ({ input, node }) => {
  const { paddings, constantValue } = node.attributes as unknown as {
    paddings: readonly Sides[];
    constantValue: number;
  };
  return padded(plain(input("x")), paddings, valueOption(constantValue));
};

/** PyTorch mirrors and repeats images and sequences only. */
function checkMode({ error }: OpSource, x: PythonTensor, paddings: readonly Sides[]): void {
  const dims = paddings.flatMap((sides, i) => (String(sides) === "0,0" ? [] : [x.axes[i] as number]));
  if (x.axes.length < 3 || dims.some((dim) => dim < 2)) throw error("it pads other axes than positions");
}

export const pad: Write = (source) => {
  const { padding, mode, value } = source.node.attributes as unknown as {
    padding: readonly Sides[];
    mode: string;
    value: number;
  };
  const x = plain(source.input("x"));
  if (mode === "constant") return padded(x, padding, valueOption(value));
  checkMode(source, x, padding);
  return padded(x, padding, `, mode=${literal(mode)}`);
};

export const mirrorPad: Write = (source) => {
  const { paddings, mode } = source.node.attributes as unknown as {
    paddings: readonly Sides[];
    mode: string;
  };
  const x = plain(source.input("x"));
  if (mode !== "reflect") throw source.error("it mirrors its edge, too");
  checkMode(source, x, paddings);
  return padded(x, paddings, ', mode="reflect"');
};
