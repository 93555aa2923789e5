import {
  type HostTensor,
  intercept,
  type Module,
  trace,
  type Trace,
  type TracedCall,
  type TracedConstant,
} from "@pellucid/core-train";
import { mul, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { ClassDraft, Construct, FieldDraft } from "./class-draft.ts";
import { ClassWriter } from "./class-writer.ts";
import { ForwardWriter, type WritingContext, type WrittenForward } from "./forward-writer.ts";
import { channelsFirst, type Held, held, sameAxes } from "./held.ts";
import {
  fieldsOf,
  identity,
  type PythonField,
  type PythonSlot,
  type PythonTree,
  pythonTree,
} from "./python-tree.ts";
import { supportFunctions } from "./support.ts";
import { TorchExportError } from "./torch-export-error.ts";
import { nodesOutside } from "./nodes-outside.ts";
import { torchLayer } from "./torch-layers.ts";
import { torchOps } from "./torch-ops.ts";

/** A model as Python source. */
export interface WrittenModel {
  /** `model.py` */
  readonly source: string;
  /** The class of the model. */
  readonly name: string;
  readonly tree: PythonTree;
  /** Numbers that the source reads from a file of their own. */
  readonly tables: Readonly<Record<string, HostTensor>>;
  /** The inputs by name, with what each is in Python: images have their channels first. */
  /** The order of the axes of each output: our axis `i` is axis `axes[i]` in Python. */
  readonly outputs: readonly (readonly number[])[];
  readonly inputs: readonly {
    readonly name: string;
    readonly axes: readonly number[];
    readonly isInteger: boolean;
  }[];
}

/** Any model. */
export type AnyModel = Module & { forward(...inputs: never[]): unknown };

interface Written {
  readonly forward: WrittenForward;
  readonly inputs: readonly (readonly number[])[];
}

/** Writes a model from a trace of it. */
export function writeModel(model: AnyModel, inputs: readonly unknown[]): WrittenModel {
  const tree = pythonTree(model);
  const traced = traceWithDropout(model, inputs);
  const forwards = new Map<Module, Written>();
  const tables = new Map<string, HostTensor>();
  const supports = new Set<string>();
  const context: WritingContext = {
    traced,
    tree,
    isClass: hasLayers,
    write: (call, given) => forwardOf(call, given, false).outputs,
    support(name) {
      supports.add(name);
      return name;
    },
    table: (value) => tableOf(value, tables),
  };
  const forwardOf = (call: TracedCall, given: readonly Held[], isRoot: boolean): WrittenForward => {
    const forward = new ForwardWriter(context, call).withAxes(given).write(given, isRoot);
    const axes = given.map((x) => x.axes);
    const before = forwards.get(call.module);
    const isSame = before === undefined || codeOf(before.forward) === codeOf(forward);
    if (
      !isSame ||
      (before !== undefined && before.inputs.some((order, i) => !sameAxes(order, axes[i] ?? [])))
    )
      throw new TorchExportError(
        `toTorch: ${call.type} at ${call.path} runs twice and does not do the same; PyTorch source would need two of it.`,
      );
    forwards.set(call.module, { forward, inputs: axes });
    return forward;
  };
  const given = traced.inputs.map((name) => inputOf(traced, name));
  const { outputs } = forwardOf(traced.root, given, true);
  const made = draftOf(model, forwards, tree);
  const root = { ...made, fields: [...made.fields, ...tiesOf(tree)] };
  const classes = new ClassWriter(root).source();
  return {
    source: fileOf(
      model,
      classes,
      [...supports],
      tables.size > 0,
      given.some(({ axes }) => axes.length > 3),
    ),
    name: model.constructor.name,
    tree,
    tables: Object.fromEntries(tables),
    outputs: outputs.map(({ axes }) => axes),
    inputs: traced.inputs.map((name, i) => ({
      name,
      axes: (given[i] as Held).axes,
      isInteger: traced.values.get(name)?.dtype === "int32",
    })),
  };
}

/** Pictures and volumes of real numbers come with their channels first. */
function inputOf({ values }: Trace, name: string): Held {
  const value = values.get(name);
  const rank = value?.shape.length ?? 0;
  const axes = rank > 3 && value?.dtype === "float32" ? channelsFirst(rank) : identity(rank);
  return held(name, rank, [], { axes });
}

/**
 * A trace in which each dropout is followed by a product with 1, so that what it drops is another value than what it is given. An op outside of the
 * layers of `torch.nn` that has no form in PyTorch is taken apart.
 */
function traceWithDropout(model: AnyModel, inputs: readonly unknown[]): Trace {
  const dropouts = [...model.namedModules()]
    .map(([, module]) => module)
    .filter((module) => torchLayer(module)?.drops === true);
  const run = (known: (op: string) => boolean): Trace =>
    dropouts.reduce<() => Trace>(
      (body, layer) => () => intercept(layer as never, (y: Tensor) => mul(y, 1), body),
      () => trace(model, inputs as never, { known }),
    )();
  const whole = run(() => true);
  const strange = new Set(nodesOutside(whole.root).flatMap(({ op }) => (torchOps.has(op) ? [] : [op])));
  return strange.size === 0 ? whole : run((op) => !strange.has(op));
}

/** Whether a module has weights or layers of `torch.nn`; otherwise it is only a function. */
function hasLayers(module: Module): boolean {
  return (
    [...module.slots()].length > 0 ||
    [...module.namedModules()].some(([, inner]) => torchLayer(inner) !== null)
  );
}

function codeOf({ lines }: WrittenForward): string {
  return lines.map(({ code }) => code).join("\n");
}

function tableOf({ content, shape }: TracedConstant, tables: Map<string, HostTensor>): string {
  if (content.kind !== "fixed" && content.kind !== "cropped") return "";
  const sizes = content.kind === "cropped" ? content.from : shape.map(Number);
  const table: HostTensor = { data: content.data, shape: sizes };
  for (const [key, known] of tables)
    if (
      String(known.shape) === String(sizes) &&
      Array.from(known.data).every((n, i) => Object.is(n, table.data[i]))
    )
      return key;
  const key = `table${tables.size + 1}`;
  tables.set(key, table);
  return key;
}

function draftOf(module: Module, forwards: ReadonlyMap<Module, Written>, tree: PythonTree): ClassDraft {
  const written = forwards.get(module)?.forward;
  const fields = fieldsOf(module).flatMap(([name, field, key]) => {
    const at = module.constructor.name === "Sequential" ? key : name;
    return fieldDraft(at, field, module, forwards, tree);
  });
  const constants = [...(written?.constants ?? [])].map(([name, key]): FieldDraft => ({
    name,
    kind: "constant",
    key,
  }));
  return {
    type: module.constructor.name === "Sequential" ? "Chain" : module.constructor.name,
    base: module.constructor.name === "Sequential" ? "nn.Sequential" : "nn.Module",
    fields: [...fields, ...constants],
    params: written?.params ?? [],
    lines: written?.lines ?? [],
  };
}

function fieldDraft(
  name: string,
  field: PythonField,
  owner: Module,
  forwards: ReadonlyMap<Module, Written>,
  tree: PythonTree,
): readonly FieldDraft[] {
  if (field.kind === "variable") {
    const own = [...(tree.modules.get(owner)?.steps ?? []), `.${name}`];
    const slot = slotsFor(field.variable, tree).find(({ steps }) => String(steps) === String(own));
    const axes = slot?.axes ?? identity(field.variable.rank);
    const shape = axes.map((_, axis) => field.variable.shape[axes.indexOf(axis)] ?? NaN);
    return [{ name, kind: field.type, shape, isInteger: field.variable.dtype === "int32" }];
  }
  const made = constructOf(field, owner, name, forwards, tree);
  return made === null ? [] : [{ name, kind: "module", made }];
}

function slotsFor(variable: Variable, tree: PythonTree): readonly PythonSlot[] {
  return tree.variables.get(variable) ?? [];
}

/** Lines that tie what two fields share, but for records, whose own lines do it. */
function tiesOf(tree: PythonTree): readonly FieldDraft[] {
  return [...tree.variables.values()].flatMap(([first, ...others]) =>
    others
      .filter(({ steps }) => !(steps.length === 2 && (steps[1] ?? "").startsWith('["')))
      .map(({ steps }): FieldDraft => {
        const at = `self${steps.join("")}`;
        return { name: at, kind: "tie", code: `${at} = self${first?.steps.join("") ?? ""}` };
      }),
  );
}

function constructOf(
  field: PythonField,
  owner: Module,
  name: string,
  forwards: ReadonlyMap<Module, Written>,
  tree: PythonTree,
): Construct | null {
  if (field.kind === "module") {
    const { module } = field;
    const layer = torchLayer(module);
    if (layer !== null) return { kind: "call", callee: layer.callee, args: layer.args };
    if (!hasLayers(module)) return null;
    const draft = draftOf(module, forwards, tree);
    return isChain(draft)
      ? { kind: "chain", items: draft.fields.flatMap((one) => (one.kind === "module" ? [one.made] : [])) }
      : { kind: "class", draft };
  }
  if (field.kind === "variable") return null;
  const isParameters = field.items.some(([, item]) => item.kind === "variable");
  if (isParameters) {
    const own = tree.modules.get(owner)?.steps ?? [];
    const entries = field.items.map(([key, item]) => {
      const { variable } = item as { readonly variable: Variable };
      const [{ steps, axes }] = slotsFor(variable, tree) as [PythonSlot];
      const isFirst = steps.includes(`["${key}"]`) && steps.includes(`.${name}`);
      const shape = axes.map((_, axis) => variable.shape[axes.indexOf(axis)]);
      const code = isFirst
        ? `nn.Parameter(torch.empty(${shape.join(", ")}))`
        : `self${steps.slice(own.length).join("")}`;
      return [key, code] as const;
    });
    return { kind: "parameters", entries };
  }
  const items = field.items.flatMap(([key, item]) => {
    const made = constructOf(item, owner, name, forwards, tree);
    return made === null ? [] : [[key, made] as const];
  });
  if (items.every(([, made]) => isIdentity(made))) return null;
  return !field.isList
    ? { kind: "dict", entries: items }
    : { kind: "list", items: items.map(([, made]) => made) };
}

/** Whether a chain does what `nn.Sequential` does. */
function isChain({ base, lines, fields }: ClassDraft): boolean {
  if (base !== "nn.Sequential") return false;
  const called = lines.map(
    ({ code }) => /^(?:x = |return )self\[(\d+)\]\(x\)$/.exec(code)?.[1] ?? (code === "return x" ? "" : null),
  );
  if (called.includes(null)) return lines.length === 0;
  const order = called.filter((i) => i !== "").map(Number);
  const layers = fields.flatMap((field, i) =>
    field.kind === "module" && !isIdentity(field.made) ? [i] : [],
  );
  return order.length === layers.length && order.every((i, k) => i === layers[k]);
}

function isIdentity(made: Construct): boolean {
  return made.kind === "call" && made.callee === "nn.Identity";
}

function fileOf(
  model: Module,
  classes: string,
  supports: readonly string[],
  hasTables: boolean,
  hasPictures: boolean,
): string {
  const needsF = /\bF\./.test(classes);
  const needsTorch = /\btorch\./.test(classes) || supports.length > 0;
  const standard = hasTables ? ["from pathlib import Path", ""] : [];
  const imports = [
    ...(needsTorch ? ["import torch"] : []),
    ...(needsF ? ["import torch.nn.functional as F"] : []),
    ...(hasTables ? ["from safetensors.torch import load_file"] : []),
    "from torch import nn",
  ];
  const tables = hasTables
    ? ['TABLES = load_file(Path(__file__).with_name("tables.safetensors"))', "", ""]
    : [];
  const functions = supports.flatMap((name) => [supportFunctions[name] as string, "", ""]);
  return [
    `"""${model.constructor.name}, written by Pellucid.${hasPictures ? " Pictures are [batch, channel, height, width]." : ""}"""`,
    "",
    ...standard,
    ...imports,
    ...(hasTables ? [""] : ["", ""]),
    ...tables,
    ...functions,
    classes,
    "",
  ].join("\n");
}
