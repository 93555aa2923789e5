import type { Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";

/** Parameters, or what belongs to them such as gradients or moments, by path. */
export type ByPath<T> = Readonly<Record<string, T>>;

/** Keeps an optimizer away from every parameter of `module`: PyTorch's `requires_grad_(False)`. */
export function freeze(module: Module): void {
  for (const [, parameter] of module.namedParameters()) parameter.trainable = false;
}

/** Lets an optimizer train every parameter of `module` again. */
export function unfreeze(module: Module): void {
  for (const [, parameter] of module.namedParameters()) parameter.trainable = true;
}

/** The parameters of `module` that an optimizer sees, by path: all but the frozen ones. */
export function trainable(module: Module): ByPath<Parameter> {
  return Object.fromEntries([...module.namedParameters()].filter(([, parameter]) => parameter.trainable));
}
