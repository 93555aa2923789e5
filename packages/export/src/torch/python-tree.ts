import { type HasTorchLayout, isBuffer, Module, type TorchField } from "@pellucid/core-train";
import { Variable } from "@tensorflow/tfjs-core";
import { isChain } from "./chain.ts";
import { isName, pythonName } from "./python.ts";
import { TorchExportError } from "./torch-export-error.ts";
import { torchLayer } from "./torch-layers.ts";

/** Where a module, a parameter or a buffer is in Python. */
export interface PythonSlot {
  /** What comes after the model: `.h`, `[0]`, `["c_fc"]`, `.weight`. */
  readonly steps: readonly string[];
  /** The name in the state dict. */
  readonly state: string;
  /** Our axis `i` is axis `axes[i]` of PyTorch's. */
  readonly axes: readonly number[];
}

/** A field of a module as Python has it. */
export type PythonField =
  | { readonly kind: "module"; readonly module: Module }
  | { readonly kind: "variable"; readonly type: "parameter" | "buffer"; readonly variable: Variable }
  | PythonItems;

/** A list or a record of fields. */
export interface PythonItems {
  readonly kind: "items";
  readonly isList: boolean;
  readonly items: readonly (readonly [key: string, field: PythonField])[];
}

/** The fields of a module, by their names in Python. */
export function fieldsOf(
  module: Module,
): readonly (readonly [name: string, field: PythonField, key: string])[] {
  return Object.entries(module).flatMap(([key, value]) => {
    const field = fieldOf(value, `${module.constructor.name}.${key}`);
    if (field === null) return [];
    if (field.kind === "items" && field.items.some(([item]) => isNamed(module, `${key}.${item}`)))
      return field.items.map(
        ([item, inner]) => [nameOf(module, `${key}.${item}`), inner, `${key}.${item}`] as const,
      );
    return [[nameOf(module, key), field, key] as const];
  });
}

/** Whether PyTorch has a name of its own for a field, or for an item of one: `down.0` is `down1`. */
function isNamed(module: Module, key: string): boolean {
  return isName(layoutOf(module)[key]?.name ?? "");
}

function fieldOf(value: unknown, where: string): PythonField | null {
  if (value instanceof Module) return { kind: "module", module: value };
  if (value instanceof Variable)
    return { kind: "variable", type: isBuffer(value) ? "buffer" : "parameter", variable: value };
  const isList = Array.isArray(value);
  if (
    !isList &&
    (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
  )
    return null;
  const items = Object.entries(value as object).flatMap(([key, item]) => {
    const field = fieldOf(item, `${where}.${key}`);
    return field === null ? [] : [[isList ? key : pythonName(key), field] as const];
  });
  if (items.length === 0) return null;
  const kinds = new Set(items.map(([, { kind }]) => kind === "variable"));
  if (kinds.size > 1)
    throw new TorchExportError(
      `toTorch: ${where} holds both modules and parameters, which PyTorch keeps apart.`,
    );
  if (isList && items.some(([key], i) => key !== String(i)))
    throw new TorchExportError(`toTorch: ${where} is a list in which not every item is a module.`);
  return { kind: "items", isList, items };
}

/** The name that PyTorch has for a field, where it is one; otherwise the field's own in snake_case. */
function nameOf(module: Module, key: string): string {
  const { name } = layoutOf(module)[key] ?? {};
  return name !== undefined && isName(name) ? name : pythonName(key);
}

function layoutOf(module: Module & Partial<HasTorchLayout>): Readonly<Record<string, TorchField>> {
  return module.torchLayout ?? {};
}

/** Where every module and variable of a model is in Python: what two fields share is in two slots. */
export interface PythonTree {
  readonly modules: ReadonlyMap<Module, readonly PythonSlot[]>;
  readonly variables: ReadonlyMap<Variable, readonly PythonSlot[]>;
  /** All entries of the state dict. */
  readonly state: readonly { readonly variable: Variable; readonly slot: PythonSlot }[];
}

/** Finds where everything is. */
export function pythonTree(model: Module): PythonTree {
  const modules = new Map<Module, PythonSlot[]>();
  const variables = new Map<Variable, PythonSlot[]>();
  const state: { variable: Variable; slot: PythonSlot }[] = [];
  const note = (variable: Variable, slot: PythonSlot) => {
    variables.set(variable, [...(variables.get(variable) ?? []), slot]);
    state.push({ variable, slot });
  };
  const visitField = (
    field: PythonField,
    at: Omit<PythonSlot, "axes">,
    owner: Module,
    path: string,
  ): void => {
    if (field.kind === "module") visit(field.module, at.steps, at.state);
    else if (field.kind === "variable")
      note(field.variable, { ...at, axes: axesOf(owner, path, field.variable) });
    else
      for (const [key, item] of field.items) {
        const step = field.isList ? `[${key}]` : `["${key}"]`;
        visitField(item, { steps: [...at.steps, step], state: join(at.state, key) }, owner, `${path}.${key}`);
      }
  };
  const visit = (module: Module, steps: readonly string[], path: string): void => {
    const slot = { steps, state: path, axes: [] };
    const known = modules.get(module);
    if (known !== undefined) {
      if ([...module.slots()].length > 0)
        throw new TorchExportError(
          `toTorch: ${module.constructor.name} at ${path} is also elsewhere in the model; PyTorch would save its weights twice.`,
        );
      known.push(slot);
      return;
    }
    modules.set(module, [slot]);
    if (torchLayer(module) === null) {
      const isNumbered = isChain(module);
      for (const [name, field, key] of fieldsOf(module)) {
        const step = isNumbered ? `[${key}]` : `.${name}`;
        visitField(
          field,
          { steps: [...steps, step], state: join(path, isNumbered ? key : name) },
          module,
          key,
        );
      }
      return;
    }
    for (const { variable, name, axes } of slotsWithin(module))
      note(variable, { steps: [...steps, `.${name}`], state: join(path, name), axes });
  };
  visit(model, [], "");
  return { modules, variables, state };
}

/** The parameters and buffers of a layer of `torch.nn` by PyTorch's names. */
function* slotsWithin(
  module: Module,
): Generator<{ variable: Variable; name: string; axes: readonly number[] }> {
  const layout = layoutOf(module);
  for (const { field, tensor, owner } of module.slots()) {
    const inner = layoutOf(owner)[field] ?? {};
    const isOwn = owner === module;
    const own = inner.name ?? pythonName(field);
    const outer = isOwn ? "" : outerName(module, owner, layout);
    yield { variable: tensor, name: join(outer, own), axes: inner.axes ?? identity(tensor.rank) };
  }
}

/** The name of a child of a layer, which may be none: `out_proj`, or `""`. */
function outerName(module: Module, child: Module, layout: Readonly<Record<string, TorchField>>): string {
  for (const [path, found] of module.namedModules()) {
    if (found !== child) continue;
    return layout[path]?.name ?? path.split(".").map(pythonName).join(".");
  }
  return "";
}

function axesOf(owner: Module, path: string, { rank }: Variable): readonly number[] {
  return layoutOf(owner)[path]?.axes ?? identity(rank);
}

/** 0, 1, 2, … */
export function identity(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

function join(path: string, name: string): string {
  return path === "" || name === "" ? path + name : `${path}.${name}`;
}
