import { didYouMean } from "../did-you-mean.ts";
import { OptionError } from "../option-error.ts";
import { joinRuns, type SizedRuns } from "./join-runs.ts";
import { type AxisNames, type ModelInput, usualAxes } from "./model-inputs.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { TraceError } from "./trace-error.ts";

/** A model that can run at other sizes. */
interface Sizable {
  readonly inputs: readonly ModelInput[];
  /** The axes that are said to be free; undefined to find them. */
  readonly axes: Readonly<Record<string, AxisNames>> | undefined;
  /** Runs the model with the named axes of its inputs at these sizes. */
  readonly record: (sizes: ReadonlyMap<string, number>, named: ReadonlyMap<string, AxisNames>) => RecordedRun;
}

/** A run and the sizes that differ from the first. */
interface Trial {
  readonly run: RecordedRun;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Runs at other sizes of one axis, the largest size that the model allows, and what the size must be a multiple of. */
interface Probe {
  readonly trials: readonly Trial[];
  readonly limit: number | null;
  readonly multiple: number;
}

/** Runs a model at the sizes of its inputs and at others, and keeps the axes at which it does the same for every size. */
export function freeAxes({ inputs, axes, record }: Sizable): SizedRuns {
  const named = axes === undefined ? usualAxes(inputs) : declared(inputs, axes);
  const sizes = sizesOf(inputs, named);
  const first = { run: record(sizes, named), sizes };
  const at = (changed: ReadonlyMap<string, number>): Trial => {
    const all = new Map([...sizes, ...changed]);
    return { run: record(all, named), sizes: all };
  };
  const free = new Map<string, Probe>();
  for (const [name, size] of sizes) {
    const found = probe(name, size, first, at);
    if (found instanceof Error && axes !== undefined)
      throw new TraceError(`trace: the axis ${name} is not free. ${found.message}`, { cause: found });
    if (!(found instanceof Error)) free.set(name, found);
  }
  for (;;) {
    const names = [...free.keys()];
    const joined = together(names, first, free, at);
    if (!(joined instanceof Error)) return joined;
    if (axes !== undefined) throw joined;
    free.delete(names.at(-1) as string);
  }
}

/**
 * Runs at other sizes of one axis: twice as large, or half as large where the model allows no more, and at the nearest size at which the model does
 * the same: most do at every size, and U-Nets at multiples of a power of two.
 */
function probe(
  name: string,
  size: number,
  first: Trial,
  at: (changed: ReadonlyMap<string, number>) => Trial,
): Probe | Error {
  const atSize = (other: number) => attempt(() => at(new Map([[name, other]])));
  const larger = atSize(2 * size);
  const isLimited = larger instanceof Error;
  const trial = isLimited && size > 1 ? atSize(Math.floor(size / 2)) : larger;
  if (trial instanceof Error) return larger instanceof Error ? larger : trial;
  const limit = isLimited ? size : null;
  const joined = attempt(() => joinRuns(sized([first, trial], [name])));
  if (joined instanceof Error) return joined;
  for (let multiple = 1; multiple < size && size % multiple === 0; multiple *= 2) {
    const near = atSize(isLimited ? size - multiple : size + multiple);
    if (near instanceof Error) continue;
    const trials = [trial, near];
    if (!(attempt(() => joinRuns(sized([first, ...trials], [name]))) instanceof Error))
      return { trials, limit, multiple };
  }
  return { trials: [trial], limit, multiple: size };
}

/** All free axes at once, at their other sizes and at a larger batch. */
function together(
  names: readonly string[],
  first: Trial,
  free: ReadonlyMap<string, Probe>,
  at: (changed: ReadonlyMap<string, number>) => Trial,
): SizedRuns | Error {
  const trials = names.flatMap((name) => free.get(name)?.trials ?? []);
  const limits = new Map(names.map((name) => [name, free.get(name)?.limit ?? null]));
  const multiples = new Map(names.map((name) => [name, free.get(name)?.multiple ?? 1]));
  if (names.length < 2) return { ...sized([first, ...trials], names), limits, multiples };
  const changed = names.map((name) => {
    const size = first.sizes.get(name) as number;
    const other = free.get(name)?.trials[0]?.sizes.get(name) ?? size;
    return [name, name === "batch" && other > size ? 3 * size : other] as const;
  });
  return attempt(() => {
    const all = sized([first, ...trials, at(new Map(changed))], names);
    joinRuns(all);
    return { ...all, limits, multiples };
  });
}

function sized(trials: readonly [Trial, ...Trial[]], names: readonly string[]): SizedRuns {
  return {
    runs: trials.map(({ run }) => run) as [RecordedRun, ...RecordedRun[]],
    limits: new Map(),
    multiples: new Map(),
    axes: new Map(names.map((name) => [name, trials.map(({ sizes }) => sizes.get(name) as number)])),
  };
}

function attempt<X>(body: () => X): X | Error {
  try {
    return body();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** The size of each named axis. */
function sizesOf(
  inputs: readonly ModelInput[],
  named: ReadonlyMap<string, AxisNames>,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { name: input, tensor } of inputs)
    for (const [i, name] of (named.get(input) ?? []).entries()) {
      if (name === null) continue;
      const size = tensor.shape[i] ?? NaN;
      const before = sizes.get(name) ?? size;
      if (before !== size)
        throw new OptionError(
          "trace",
          "axes",
          name,
          `one size, but it is ${before} and ${size} (of ${input})`,
        );
      sizes.set(name, size);
    }
  return sizes;
}

function declared(
  inputs: readonly ModelInput[],
  axes: Readonly<Record<string, AxisNames>>,
): ReadonlyMap<string, AxisNames> {
  const names = inputs.map(({ name }) => name);
  for (const [name, axesOfInput] of Object.entries(axes)) {
    const input = inputs.find((one) => one.name === name);
    if (input === undefined)
      throw new OptionError(
        "trace",
        "axes",
        name,
        `the name of an input, some of ${names.join(", ")}${didYouMean(name, names, "")}`,
      );
    if (axesOfInput.length !== input.tensor.rank)
      throw new OptionError(
        "trace",
        `axes.${name}`,
        `[${axesOfInput.join(", ")}]`,
        `${input.tensor.rank} names or nulls, one for each axis`,
      );
  }
  return new Map(Object.entries(axes));
}
