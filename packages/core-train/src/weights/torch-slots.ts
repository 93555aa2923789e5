import { Variable } from "@tensorflow/tfjs-core";
import { members, Module } from "../module/module.ts";
import type { HasTorchLayout, TorchField, TorchLayout } from "./torch-layout.ts";
import { WeightsError } from "./weights-error.ts";

/** Where PyTorch keeps one parameter or buffer of a model. */
export interface TorchSlot {
  /** `layer1.0.conv1.weight`, `layer1.0.bn1.running_mean` */
  readonly name: string;
  /** Other names that are read. */
  readonly aliases: readonly string[];
  readonly tensor: Variable;
  /** Our axis `i` is axis `axes[i]` of PyTorch's. */
  readonly axes: readonly number[];
  readonly optional: boolean;
}

/** Every entry of PyTorch's `model.state_dict()`, in its order; a tensor that two fields share has two. */
export function torchSlots(model: Module): readonly TorchSlot[] {
  const slots = [...slotsOf(model, [""])];
  const seen = new Set<string>();
  for (const { name } of slots) {
    if (seen.has(name)) {
      throw new WeightsError(
        `${model.constructor.name} has two fields that PyTorch calls ${name}: see torchLayout.`,
      );
    }
    seen.add(name);
  }
  return slots;
}

/** The names of entries that a file may have although the model has no tensor for them. */
export function ignoredNames(model: Module): ReadonlySet<string> {
  return new Set(ignoredOf(model, [""]));
}

function* ignoredOf(module: Module, prefixes: readonly string[], outer: TorchLayout = {}): Generator<string> {
  const layout = layoutOf(module, outer);
  for (const [key, { ignored = false }] of Object.entries(layout))
    if (ignored) yield* namesOf(key, layout, prefixes);
  for (const [key, field] of members(module))
    if (field instanceof Module) yield* ignoredOf(field, namesOf(key, layout, prefixes), within(key, layout));
}

/**
 * @param prefixes the module's path in PyTorch's names, first the one that is written
 * @param outer what modules around it say of its fields
 */
function* slotsOf(
  module: Module,
  prefixes: readonly string[],
  outer: TorchLayout = {},
): Generator<TorchSlot> {
  const layout = layoutOf(module, outer);
  for (const [key, field] of members(module)) {
    const { axes, optional = false }: TorchField = layout[key] ?? {};
    const names = namesOf(key, layout, prefixes);
    if (field instanceof Module) yield* slotsOf(field, names, within(key, layout));
    else if (field instanceof Variable) {
      yield {
        name: names[0] as string,
        aliases: names.slice(1),
        tensor: field,
        axes: axes ?? field.shape.map((_: number, axis: number) => axis),
        optional,
      };
    }
  }
}

/** What a layout says of the fields of one of its modules: `mlp.0` is `0` within `mlp`. */
export function within(key: string, layout: TorchLayout): TorchLayout {
  const start = `${key}.`;
  const inner = Object.entries(layout).filter(([path]) => path.startsWith(start));
  return Object.fromEntries(inner.map(([path, field]) => [path.slice(start.length), field]));
}

/** All names of a field, first the one that is written. */
export function namesOf(key: string, layout: TorchLayout, prefixes: readonly string[]): readonly string[] {
  const { name, aliases = [] }: TorchField = layout[key] ?? {};
  const own = [name ?? snakeCase(key), ...aliases];
  return prefixes.flatMap((prefix) => own.map((inner) => join(prefix, inner)));
}

/** How PyTorch stores the fields of a module, with what the modules around it say in addition. */
export function layoutOf(module: Module, outer: TorchLayout): TorchLayout {
  const own = "torchLayout" in module ? (module as Module & HasTorchLayout).torchLayout : {};
  const added = Object.entries(outer).map(([path, field]) => [path, { ...own[path], ...field }]);
  return { ...own, ...Object.fromEntries(added) };
}

/** `runningMean` -> `running_mean`, `weightIhL0` -> `weight_ih_l0` */
function snakeCase(key: string): string {
  return key.replace(/(?<!^|\.)[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
}

/** A name behind a prefix; each `../` at its beginning takes a part of the prefix away. */
function join(prefix: string, name: string): string {
  if (name.startsWith("../")) return join(prefix.split(".").slice(0, -1).join("."), name.slice(3));
  return prefix === "" || name === "" ? prefix + name : `${prefix}.${name}`;
}
