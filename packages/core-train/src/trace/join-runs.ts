import { type HostData } from "../host-tensor.ts";
import { contentOf } from "./constant-content.ts";
import { fitSize, type SizeSource } from "./free-size.ts";
import { nameValues } from "./name-values.ts";
import { differenceOf } from "./run-difference.ts";
import {
  type RecordedCall,
  type RecordedNode,
  type RecordedRun,
  type RecordedStructure,
  type RecordedValue,
  valuesIn,
} from "./recorded-run.ts";
import { TraceError } from "./trace-error.ts";
import type {
  Trace,
  TracedAttribute,
  TracedCall,
  TracedNode,
  TracedOutput,
  TracedSize,
  TracedStructure,
  TracedValue,
} from "./traced-graph.ts";

/** Runs of a model at several sizes of its inputs, and the size of each free axis in each. */
export interface SizedRuns {
  readonly runs: readonly [RecordedRun, ...RecordedRun[]];
  readonly axes: ReadonlyMap<string, readonly number[]>;
  /** The largest size of each axis that the model allows, where it does not allow all. */
  readonly limits: ReadonlyMap<string, number | null>;
  /** What the size of each axis must be a multiple of; 1 if it is not in the map. */
  readonly multiples: ReadonlyMap<string, number>;
}

/**
 * Makes one graph of several runs: what differs between them is written as a formula of the sizes of the inputs.
 *
 * @throws {TraceError} If they differ in another way: the graph depends on the sizes.
 */
export function joinRuns({ runs, axes, limits: allowed, multiples }: SizedRuns): Omit<Trace, "toString"> {
  const [first] = runs;
  const difference = runs.map((run) => differenceOf(first, run)).find((found) => found !== null);
  if (difference !== undefined) throw new TraceError(`trace: ${difference}`);
  const names = nameValues(first);
  const nameOf = (value: number): string => names[value] as string;
  const used = usedNodes(first);
  const limits = new Map(allowed);
  const acrossRuns = <X>(pick: (run: RecordedRun) => X): X[] => runs.map(pick);
  const sourcesOf = (value: number): SizeSource[] =>
    (first.values[value] as RecordedValue).sizes.flatMap((size, axis) => {
      const sizes = acrossRuns((run) => run.values[value]?.sizes[axis] ?? NaN);
      return sizes.every((each) => each === size) ? [] : [{ value: nameOf(value), axis, sizes }];
    });
  const sources = first.values.map((_, value) => sourcesOf(value));
  const ofInputs = sources.filter((_, value) => first.values[value]?.kind === "input").flat();
  const fitter = (near: readonly SizeSource[], before: number) => {
    const distinct = [
      ...new Map(near.toReversed().map((one) => [one.sizes.join(), one])).values(),
    ].toReversed();
    return (numbers: readonly number[]): TracedSize | null =>
      numbers.every((n) => Object.is(n, numbers[0]))
        ? (numbers[0] ?? NaN)
        : fitSize(numbers, distinct, sources.slice(0, before).flat().toReversed());
  };

  const attributeOf = (
    found: readonly unknown[],
    fit: (numbers: readonly number[]) => TracedSize | null,
    where: string,
  ): TracedAttribute => {
    const [one] = found;
    if (typeof one === "number") {
      const size = fit(found as readonly number[]);
      if (size !== null) return size;
      throw new TraceError(`trace: ${where} is ${found.join(" and ")} for inputs of different sizes.`);
    }
    if (typeof one !== "object" || one === null) return one as TracedAttribute;
    const counts = found.map((x) => (Array.isArray(x) ? x.length : 0));
    if (counts.some((count) => count !== counts[0]))
      return repeatedOf(found as unknown[][], counts, fit, where);
    const fields = Object.keys(one).map((key) => {
      const each = found.map((x) => (x as Record<string, unknown>)[key]);
      return [key, attributeOf(each, fit, `${where}.${key}`)] as const;
    });
    return Array.isArray(one) || ArrayBuffer.isView(one)
      ? fields.map(([, field]) => field)
      : Object.fromEntries(fields);
  };

  /** A list with one number for each example. */
  const repeatedOf = (
    lists: readonly (readonly unknown[])[],
    counts: readonly number[],
    fit: (numbers: readonly number[]) => TracedSize | null,
    where: string,
  ): TracedAttribute => {
    const count = fit(counts);
    const each = fit(lists.map((list) => list[0] as number));
    if (count === null || each === null || lists.some((list) => list.some((x) => x !== list[0])))
      throw new TraceError(`trace: ${where} is a list whose length depends on the sizes of the inputs.`);
    return { each, count };
  };

  /** The sizes of what goes into a node, and into the nodes before it: a mean is a sum divided by a number of positions. */
  const around = (node: RecordedNode | undefined): readonly SizeSource[] =>
    [node, ...(node?.inputs ?? []).map(([, value]) => makers.get(value))].flatMap((one) =>
      (one?.inputs ?? []).flatMap(([, value]) => sources[value] as SizeSource[]),
    );
  const makers = new Map(first.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));

  const nodes = new Map<RecordedNode, TracedNode>();
  for (const [i, node] of first.nodes.entries()) {
    if (!used.has(node)) continue;
    const near = [...node.inputs.flatMap(([, value]) => sources[value] as SizeSource[]), ...ofInputs];
    const fit = fitter(near, node.outputs[0] ?? first.values.length);
    const attributes = acrossRuns((run) => run.nodes[i]?.attributes);
    nodes.set(node, {
      kind: "node",
      op: node.op,
      inputs: Object.fromEntries(node.inputs.map(([name, value]) => [name, nameOf(value)])),
      outputs: node.outputs.map(nameOf),
      attributes: attributeOf(attributes, fit, `${node.op}${at(node.path)}`) as TracedNode["attributes"],
      path: node.path,
      type: node.type,
    });
  }

  const needed = new Set(valuesIn(first.root.output));
  for (const [value, { kind }] of first.values.entries()) if (kind === "input") needed.add(value);
  for (const node of used) {
    for (const [, value] of node.inputs) needed.add(value);
    for (const value of node.outputs) needed.add(value);
  }

  const dimensionOf = (value: number, axis: number): number | string => {
    const sizes = acrossRuns((run) => run.values[value]?.sizes[axis] ?? NaN);
    if (sizes.every((size) => size === sizes[0])) return sizes[0] ?? NaN;
    for (const [name, all] of axes) if (all.every((size, run) => size === sizes[run])) return name;
    const named = [...axes].map(([name, all]) => ({ value: name, axis: 0, sizes: all }));
    const formula = fitSize(sizes, named, []);
    return formula === null ? `${nameOf(value)}.${axis}` : written(formula);
  };
  const tracedValue = (value: number): TracedValue => {
    const { kind, dtype, sizes, tensor } = first.values[value] as RecordedValue;
    const about = {
      name: nameOf(value),
      dtype,
      sizes,
      shape: sizes.map((_, axis) => dimensionOf(value, axis)),
    };
    if (kind === "input" || kind === "result") return { kind, ...about };
    if (tensor !== null) return { kind: kind === "buffer" ? kind : "parameter", ...about, tensor };
    if (first.values[value]?.data === null)
      return { kind: "constant", ...about, content: { kind: "filled", fill: NaN, shape: sizes } };
    const seen = acrossRuns((run) => run.values[value] as RecordedValue & { data: HostData });
    const user = first.nodes.find(({ inputs }) => inputs.some(([, input]) => input === value));
    const content = contentOf(seen as [(typeof seen)[0]], fitter([...ofInputs, ...around(user)], value));
    if (content === null) {
      throw new TraceError(
        `trace: a constant of ${user?.op ?? "the output"}${at(user?.path ?? "")} depends on the sizes of the inputs in a way that no formula gives.`,
      );
    }
    if (content.kind === "cropped")
      for (const size of content.shape)
        for (const { sizes: all } of typeof size === "number"
          ? []
          : ofInputs.filter((one) =>
              size.of.some((axis) => axis.value === one.value && axis.axis === one.axis),
            ))
          for (const [name, each] of axes)
            if (each.every((n, run) => n === all[run])) limits.set(name, Math.max(...each));
    return { kind: "constant", ...about, content };
  };
  const values = new Map(
    first.values.flatMap((_, value) =>
      needed.has(value) ? [[nameOf(value), tracedValue(value)] as const] : [],
    ),
  );

  const callOf = (call: RecordedCall): TracedCall => ({
    ...call,
    inputs: call.inputs.map((input) => structureOf(input, nameOf)),
    output: structureOf(call.output, nameOf),
    body: call.body.flatMap((part) => {
      const node = part.kind === "node" ? nodes.get(part) : callOf(part);
      return node === undefined ? [] : [node];
    }),
  });
  return {
    root: callOf(first.root),
    nodes: [...nodes.values()],
    values,
    inputs: first.values.flatMap(({ kind }, value) => (kind === "input" ? [nameOf(value)] : [])),
    outputs: outputsOf(first.root.output, "", nameOf),
    axes: Object.fromEntries(
      [...axes].map(([name, [size = 0]]) => [
        name,
        { size, limit: limits.get(name) ?? null, multiple: multiples.get(name) ?? 1 },
      ]),
    ),
  };
}

/** The nodes that the output depends on. */
function usedNodes({ nodes, root }: RecordedRun): ReadonlySet<RecordedNode> {
  const needed = new Set(valuesIn(root.output));
  const used = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((value) => needed.has(value))) return false;
    for (const [, value] of inputs) needed.add(value);
    return true;
  });
  return new Set(used.toReversed());
}

function structureOf(structure: RecordedStructure, nameOf: (value: number) => string): TracedStructure {
  if (structure.kind === "value") return { kind: "value", name: nameOf(structure.value) };
  if (structure.kind === "list")
    return { kind: "list", items: structure.items.map((item) => structureOf(item, nameOf)) };
  if (structure.kind === "host") return structure;
  const fields = Object.entries(structure.fields).map(([name, field]) => [name, structureOf(field, nameOf)]);
  return { kind: "record", fields: Object.fromEntries(fields) as Record<string, TracedStructure> };
}

/** `output`, or the fields that lead to each tensor: `boxes`, `features.0`. */
function outputsOf(
  structure: RecordedStructure,
  path: string,
  nameOf: (value: number) => string,
): readonly TracedOutput[] {
  if (structure.kind === "value")
    return [{ name: path === "" ? "output" : path, value: nameOf(structure.value) }];
  const fields =
    structure.kind === "list"
      ? Object.entries(structure.items)
      : structure.kind === "record"
        ? Object.entries(structure.fields)
        : [];
  return fields.flatMap(([name, field]) => outputsOf(field, path === "" ? name : `${path}.${name}`, nameOf));
}

function at(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}

/** `height/2`, `batch*time+1` */
function written({ of, times, add, over }: Exclude<TracedSize, number>): string {
  const product = [...(times === 1 ? [] : [times]), ...of.map(({ value }) => value)].join("*");
  const sum = add === 0 ? product : `${product}${add > 0 ? "+" : ""}${add}`;
  if (over === 1) return sum;
  return add === 0 ? `${sum}/${over}` : `(${sum})/${over}`;
}
