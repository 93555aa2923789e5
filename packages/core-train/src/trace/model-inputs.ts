import { gather, Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { didYouMean } from "../did-you-mean.ts";
import { OptionError } from "../option-error.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import { fieldsOf } from "../struct/fields-of.ts";

/** A tensor among the arguments of a model. */
export interface ModelInput {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Names of the axes of an input; `null` is an axis that is not free. */
export type AxisNames = readonly (string | null)[];

/**
 * The tensors among the arguments of `forward`. A single one is the `input`; fields of a single record have their names, as have those of
 * several, after the number of the argument: `0`, `1.mask`.
 *
 * @param fixed the names of those to leave out
 */
export function inputsOf(args: readonly unknown[], fixed: readonly string[]): readonly ModelInput[] {
  const found = args.flatMap((arg, i) => [...tensorsIn(arg, args.length === 1 ? "" : `${i}`)]);
  const [first] = found;
  const named =
    found.length === 1 && first !== undefined && first.name === ""
      ? [{ ...first, name: "input" }]
      : found.map(({ name, tensor }) => ({ name: /^\d/.test(name) ? `input${name}` : name, tensor }));
  const names = named.map(({ name }) => name);
  for (const name of fixed)
    if (!names.includes(name))
      throw new OptionError(
        "trace",
        "fixed",
        name,
        `some of ${names.join(", ")}${didYouMean(name, names, "")}`,
      );
  return named.filter(({ name }) => !fixed.includes(name));
}

function* tensorsIn(x: unknown, path: string): Generator<ModelInput> {
  if (x instanceof Tensor) yield { name: path, tensor: x };
  else
    for (const [name, field] of fieldsOf(x, `trace: input${path === "" ? "" : ` ${path}`}`) ?? [])
      yield* tensorsIn(field, path === "" ? name : `${path}.${name}`);
}

/** The arguments with other tensors. */
export function withInputs(args: readonly unknown[], by: ReadonlyMap<Tensor, Tensor>): readonly unknown[] {
  return args.map((arg) => mapLeaves(arg, (leaf) => by.get(leaf) ?? leaf));
}

/** The tensor with other sizes along named axes: cut off, or repeated from its start. */
export function resized(x: Tensor, names: AxisNames, sizes: ReadonlyMap<string, number>): Tensor {
  return names.reduce<Tensor>((y, name, axis) => {
    const [now = 0, wanted = now] = [y.shape[axis], name === null ? undefined : sizes.get(name)];
    if (wanted === now) return y;
    const indices = Array.from({ length: wanted }, (_, i) => i % now);
    return gather(y, tensor1d(indices, "int32"), axis);
  }, x);
}

/** The axes that are usually free: the batch, time, and those of pictures and volumes. */
export function usualAxes(inputs: readonly ModelInput[]): ReadonlyMap<string, AxisNames> {
  const sizes = new Map<string, number>();
  return new Map(
    inputs.map(({ name: input, tensor: { shape, rank, dtype } }) => {
      const usual = usualOf(rank, dtype === "int32");
      const names = usual.map((axis, i) => {
        const size = shape[i] ?? NaN;
        if (axis === null || size === 0) return null;
        const own = (sizes.get(axis) ?? size) === size ? axis : `${axis}_${input}`;
        sizes.set(own, size);
        return own;
      });
      return [input, names];
    }),
  );
}

function usualOf(rank: number, integers: boolean): AxisNames {
  if (rank === 2 && integers) return ["batch", "time"];
  if (rank === 3) return ["batch", "time", null];
  if (rank === 4) return ["batch", "height", "width", null];
  if (rank === 5) return ["batch", "depth", "height", "width", null];
  return rank === 0 ? [] : ["batch", ...new Array<null>(rank - 1).fill(null)];
}
