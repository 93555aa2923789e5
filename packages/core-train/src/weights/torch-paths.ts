import { members, Module } from "../module/module.ts";
import type { TorchLayout } from "./torch-layout.ts";
import { layoutOf, namesOf, within } from "./torch-slots.ts";

/** The path of every module of a model in PyTorch's names: `transformer.h.0.attn.c_attn`. */
export function torchPaths(model: Module): ReadonlyMap<Module, string> {
  const paths = new Map<Module, string>();
  for (const [module, path] of pathsOf(model, "", {})) if (!paths.has(module)) paths.set(module, path);
  return paths;
}

function* pathsOf(
  module: Module,
  path: string,
  outer: TorchLayout,
): Generator<[module: Module, path: string]> {
  yield [module, path];
  const layout = layoutOf(module, outer);
  for (const [key, field] of members(module))
    if (field instanceof Module)
      yield* pathsOf(field, namesOf(key, layout, [path])[0] as string, within(key, layout));
}
