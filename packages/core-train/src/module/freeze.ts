import type { Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";
import { checkModule } from "../check-callable.ts";

/** Parameters, or values that belong to them, such as gradients, by path. */
export type ByPath<T> = Readonly<Record<string, T>>;

/** Excludes every parameter of `module` from training: PyTorch's `requires_grad_(False)`. */
export function freeze(module: Module): void {
  checkModule("freeze", module);
  for (const [, parameter] of module.namedParameters()) parameter.trainable = false;
}

/** Includes every parameter of `module` in training again. */
export function unfreeze(module: Module): void {
  checkModule("unfreeze", module);
  for (const [, parameter] of module.namedParameters()) parameter.trainable = true;
}

/** The parameters of `module` for an optimizer, by path: all but the frozen ones. */
export function trainable(module: Module): ByPath<Parameter> {
  checkModule("trainable", module);
  return Object.fromEntries([...module.namedParameters()].filter(([, parameter]) => parameter.trainable));
}
